"""Refusals that several streams share; those of one stream stand beside its rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from ledger.errors import FieldError, Kind, Refusal


class NotThere(Refusal):
    """No such thing, or none that this credential may see. Fields: `stream_kind`, `id`."""

    code = "not-found"
    kind: ClassVar[Kind] = "absent"
    title = "There is nothing here under this id"


class AlreadyThere(Refusal):
    """The stream exists, and this event would begin it. Fields: `stream_kind`, `id`."""

    code = "already-begun"
    title = "This stream has already begun"


class WrongStream(Refusal):
    """The event belongs into another stream. Fields: `id` (of the stream it belongs into)."""

    code = "wrong-stream"
    kind: ClassVar[Kind] = "claim"
    title = "This event belongs into another stream"


class NotNow(Refusal):
    """The state of the stream does not allow this event. Fields: `state` (the shape's name)."""

    code = "not-in-this-state"
    title = "This is not possible in the present state"


class RoleForbidden(Refusal):
    """This role may never record this event. Fields: `role`, `type`."""

    code = "role-forbidden"
    kind: ClassVar[Kind] = "forbidden"
    title = "This credential may never do this"


class WrongVoice(Refusal):
    """Another organisation must say this. Fields: `voice`, `needs` (the parties that may)."""

    code = "wrong-voice"
    title = "This is another organisation's to say"


class SpeaksForItself(Refusal):
    """What accepts, confirms, disputes, reviews, answers or leaves is said by the organisation itself."""

    code = "speaks-for-itself"
    title = "An organisation says this for itself"


class OnlyTheReceiverConfirms(Refusal):
    """Only the receiver says whether it received. Fields: `voice`."""

    code = "only-the-receiver-confirms"
    title = "Only the receiver confirms or disputes a delivery"


class NeedsAnotherVoice(Refusal):
    """The same principal, or a person named in it, cannot say both halves of what binds two. Fields: `principal`."""

    code = "needs-another-voice"
    title = "Somebody else has to say the other half"


class WhoSpeaks(Refusal):
    """A client that speaks for several organisations must name one. Fields: `organisations`."""

    code = "who-speaks"
    kind: ClassVar[Kind] = "claim"
    title = "Name the organisation that speaks in recordedfor"


class UnknownOrganisation(Refusal):
    """The claim names an organisation that is not in the ledger. Fields: `ids`; `errors` point to each."""

    code = "unknown-organisation"
    kind: ClassVar[Kind] = "claim"
    title = "No such organisation"


class OrganisationEnded(Refusal):
    """A closed or succeeded organisation begins nothing new. Fields: `organisation_id`."""

    code = "organisation-ended"
    title = "This organisation has closed or was succeeded"


class NotAPartner(Refusal):
    """The organisation is no active partner on that day. Fields: `organisation_id`, `partnership_id`."""

    code = "not-a-partner"
    title = "Not a partner of this partnership on that day"


class DayOutOfRange(Refusal):
    """A day lies where it cannot. Fields: `day`; `errors` points to it."""

    code = "day-out-of-range"
    kind: ClassVar[Kind] = "claim"
    title = "This day cannot be right"


class UnknownReference(Refusal):
    """The claim names something inside the stream (an aim, a delivery, a proposal) that is not there. Fields: `id`."""

    code = "unknown-reference"
    title = "This names something that is not there"


class AlreadySaid(Refusal):
    """It was said before and cannot be said twice. Fields: `id`."""

    code = "already-said"
    title = "This was already said"


class ClaimUnsound(Refusal):
    """Members contradict each other or what is known; `errors` points to them."""

    code = "claim-unsound"
    kind: ClassVar[Kind] = "claim"
    title = "The event contradicts itself"


def require_sound(errors: Iterable[FieldError]) -> None:
    """Passes when there is nothing wrong. Raises ClaimUnsound with everything that is."""
    found = tuple(errors)
    if found:
        raise ClaimUnsound(f"{found[0].pointer} {found[0].detail}", errors=found)


class AlreadyRecorded(Exception):  # no error: the door answers with the first receipt
    """The same thing stands in the ledger already, whoever sent it: `event_id` is its fact."""

    def __init__(self, event_id: str) -> None:
        super().__init__(event_id)
        self.event_id = event_id


class Circle(Refusal):
    """Following the link from one to the next would come back to where it began. Fields: `id`."""

    code = "circle"
    title = "This would go round in a circle"
