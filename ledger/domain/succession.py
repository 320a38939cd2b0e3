"""Who goes on from whom: a successor's voice answers, settles, ends and leaves what its predecessor left open."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.domain.context import Context


def succeeded_by(organisation_id: str, voice: str | None, context: Context) -> bool:
    """Whether `voice` goes on from an organisation by today, through any number of successions."""
    seen: set[str] = set()
    following: str | None = organisation_id
    while following is not None and following not in seen:
        seen.add(following)
        state = context.organisation(following)
        following = None if state is None else state.succeeded_on(context.today)
        if following is not None and following == voice:
            return True
    return False


def spoken_for(voice: str | None, organisations: Iterable[str], context: Context) -> str | None:
    """The one of several organisations for which a voice speaks: itself, else one it goes on from; None for neither."""
    several = list(organisations)
    if voice in several:
        return voice
    return next((one for one in several if succeeded_by(one, voice, context)), None)
