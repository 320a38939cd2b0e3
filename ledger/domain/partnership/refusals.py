"""The refusals that only a partnership gives."""

from __future__ import annotations

from ledger.errors import Refusal


class NotInvited(Refusal):
    """No invitation waits for this organisation. Fields: `organisation_id`."""

    code = "not-invited"
    title = "No invitation waits for this organisation"


class TermsTooSoon(Refusal):
    """New terms leave time to go under the old ones. Fields: `earliest` (a day), `notice_days`."""

    code = "terms-too-soon"
    title = "New terms take effect no sooner than a partner could have left"


class NoticeTooShort(Refusal):
    """The day of leaving comes before the notice has run. Fields: `earliest` (a day), `notice_days`."""

    code = "notice-too-short"
    title = "The notice is too short"


class NoNotice(Refusal):
    """No notice of this organisation is running. Fields: `organisation_id`."""

    code = "no-notice"
    title = "No notice was given"


class NoticeRunning(Refusal):
    """The day of leaving named in the notice has not come. Fields: `organisation_id`, `leaves_on`."""

    code = "notice-running"
    title = "The notice is still running"


class NoticeInEffect(Refusal):
    """The notice has taken effect and is not taken back any more. Fields: `organisation_id`, `leaves_on`."""

    code = "notice-in-effect"
    title = "The notice has taken effect"


class StillOpen(Refusal):
    """The leaver has agreed, offered or asked for support in the partnership. Fields: `supports` (their ids)."""

    code = "still-open"
    title = "Support in this partnership is still open"


class AimsOpen(Refusal):
    """The purpose is met when every aim is met or dropped, and one is met. Fields: `aims` (the open ones)."""

    code = "aims-open"
    title = "The aims of this partnership are not met"


class AlreadyDelivering(Refusal):
    """A delivery between the two has been confirmed: an opening position comes before. Fields: `support_id`."""

    code = "already-delivering"
    title = "The two have already given each other support here"
