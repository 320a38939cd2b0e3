"""The refusals that only a support gives."""

from __future__ import annotations

from ledger.errors import Refusal


class NotOpenTo(Refusal):
    """The offer or request is not open to this organisation. Fields: `organisation_id`, `support_id`."""

    code = "not-open-to"
    title = "This is not open to this organisation"


class NoLongerOpen(Refusal):
    """The offer or request takes no answer any more. Fields: `support_id`, `because` (withdrawn, run_out, used_up)."""

    code = "no-longer-open"
    title = "This is no longer open"


class AddressedToOne(Refusal):
    """What is addressed to one organisation is agreed by that one, in the same stream. Fields: `support_id`."""

    code = "addressed-to-one"
    title = "This is addressed to one organisation, which agrees it in the same stream"


class OpenToSeveral(Refusal):
    """What is open to several is agreed in a new stream, taking one interest. Fields: `support_id`."""

    code = "open-to-several"
    title = "This is open to several: an interest in it is taken up in a new stream"


class InterestTaken(Refusal):
    """One interest is taken up once. Fields: `interest_id`, `support_id` (the agreement that took it)."""

    code = "interest-taken"
    title = "This interest was taken up before"


class NotAsOffered(Refusal):
    """An agreement says what the other side did not; `errors` points to each member. What else is wanted is a
    variation."""

    code = "not-as-offered"
    title = "The agreement is not what was offered"


class MoreThanOffered(Refusal):
    """The amount is more than is left, or than the other side named. Fields: `minutes`, `at_most`."""

    code = "more-than-offered"
    title = "This is more than was offered"


class LessThanDelivered(Refusal):
    """The new amount lies below what was delivered. Fields: `minutes`, `at_least`."""

    code = "less-than-delivered"
    title = "More than this was delivered"


class MoreThanDelivered(Refusal):
    """The amount is more than the delivery's. Fields: `minutes`, `at_most`."""

    code = "more-than-delivered"
    title = "This is more than was delivered"


class StretchTooLong(Refusal):
    """A delivery is one day or a stretch of at most one term. Fields: `days`, `at_most`."""

    code = "stretch-too-long"
    title = "A delivery covers at most one term"


class AlreadyAttested(Refusal):
    """A coordinator has attested this delivery. Fields: `delivery_id`."""

    code = "already-attested"
    title = "This delivery was attested before"


class AlreadyConfirmed(Refusal):
    """The receiver has confirmed this delivery. Fields: `delivery_id`."""

    code = "already-confirmed"
    title = "This delivery was confirmed before"


class AlreadyDisputed(Refusal):
    """The receiver has disputed this delivery. Fields: `delivery_id`."""

    code = "already-disputed"
    title = "This delivery was disputed before"


class AlreadySettled(Refusal):
    """Both sides have settled the dispute about this delivery. Fields: `delivery_id`."""

    code = "already-settled"
    title = "The dispute about this delivery was settled"


class AlreadyReversed(Refusal):
    """The giver has reversed this delivery. Fields: `delivery_id`."""

    code = "already-reversed"
    title = "This delivery was reversed before"


class NotConfirmed(Refusal):
    """The delivery is not confirmed. Fields: `delivery_id`, `status`."""

    code = "not-confirmed"
    title = "This delivery is not confirmed"


class NotDisputed(Refusal):
    """The delivery is not disputed. Fields: `delivery_id`, `status`."""

    code = "not-disputed"
    title = "This delivery is not disputed"


class TooLateToWithdraw(Refusal):
    """A confirmation is withdrawn within the days that confirming has. Fields: `delivery_id`, `until` (last day)."""

    code = "too-late-to-withdraw"
    title = "It is too late to withdraw this confirmation"


class StillTimeToAnswer(Refusal):
    """The receiver may still answer. Fields: `delivery_ids`, `until` (the last day on which one of them waits)."""

    code = "still-time-to-answer"
    title = "The receiver still has time to answer"


class SettlementLapsed(Refusal):
    """The dispute ended otherwise, and this proposal with it. Fields: `settlement_id`."""

    code = "settlement-lapsed"
    title = "The dispute has ended"


class NothingConfirmed(Refusal):
    """An outcome needs one confirmed delivery at least."""

    code = "nothing-confirmed"
    title = "No delivery of this support is confirmed"
