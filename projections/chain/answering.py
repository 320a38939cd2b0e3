"""From a question about one support to its chain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ledger.domain.marks import named
from projections.asking import Asking
from projections.board.queries import left_of, same_occasion
from projections.chain.answers import ChainAnswer, Element, Sibling, Way
from projections.chain.links import Links, linked
from projections.chain.measures import RULE_VERSION, figures, workings
from projections.chain.sight import SupportReader
from projections.chain.telling import Teller
from projections.directory import queries as directory
from projections.directory.queries import Aliases
from projections.evidence.fold_support import fold_supports
from projections.evidence.noted import Noted
from projections.evidence.reading import facts_with
from projections.evidence.supports import Support


def chain(asking: Asking, reader: SupportReader, support_id: str, *, explain: bool) -> ChainAnswer:
    """The chain of one support, as far as the reader sees it. Raises NotThere where it was not known by then."""
    links = linked(asking, support_id)
    aliases = directory.aliases(asking.connection, asking.question)
    as_of = asking.question.as_of
    of_itself = [one for key in (links.own, *links.after) for one in links.notes[key]]
    folded = fold_supports(of_itself, aliases.canonical)
    withheld = frozenset(one for one in links.supports if reader.is_withheld(one))
    shown = [support for one, support in folded.items() if one not in withheld]
    others = [support for one, support in folded.items() if one in withheld]
    taken_up = links.before if is_side(folded[links.own], reader, aliases) else None
    siblings = [] if links.own in withheld else list(siblings_of(asking, reader, links, aliases, taken_up))
    names = names_of(asking, links, siblings, aliases)
    posting = links.before or links.own
    return ChainAnswer(
        header=asking.header(RULE_VERSION, support=support_id),
        links=links.ids,
        withheld=withheld,
        support=folded[links.own],
        figures=figures(shown, as_of),
        withheld_minutes=figures(others, as_of).confirmed,
        zone=asking.zone,
        left=None if posting in withheld else left_of(asking, posting),
        elements=list(elements(asking, reader, links, withheld, names, taken_up)),
        deliveries=[one for support in shown for one in support.given_by(as_of)],
        siblings=siblings,
        working=workings(shown, as_of) if explain and links.own not in withheld else None,
        names=names,
    )


def is_side(support: Support, reader: SupportReader, aliases: Aliases) -> bool:
    """Whether the reader speaks or records for one of the two sides."""
    return not {aliases.canonical(one) for one in reader.sides}.isdisjoint(support.sides())


def names_of(asking: Asking, links: Links, siblings: Iterable[Sibling], aliases: Aliases) -> dict[str, str]:
    """The names of every organisation and partnership in the chain; which of them are shown is for the answer."""
    ids = {one for notes in links.notes.values() for noted in notes for one in ids_in(noted)}
    ids |= {one for sibling in siblings for one in sibling.ids}
    return directory.names(asking.connection, {*ids, *map(aliases.canonical, ids)}, asking.question)


def ids_in(noted: Noted) -> set[str]:
    voice = set() if noted.fact.voice is None else {noted.fact.voice}
    return voice | named(noted.fact.data, "organisation", "partnership")


def elements(
    asking: Asking,
    reader: SupportReader,
    links: Links,
    withheld: frozenset[str],
    names: Mapping[str, str],
    taken_up: str | None,
) -> Iterator[Element]:
    """What was said, stream by stream in the order of the chain, each in the order of recording; of an offer or
    request that the reader took up, or had taken up, also how it was made."""
    for stream_id in links.ids:
        if stream_id in withheld:
            continue
        teller = Teller(name=lambda one: names.get(one, one), finding_id=links.findings.get(stream_id))
        seen = {noted.position: noted for noted in reader.seen(links.notes[stream_id])}
        told = [(noted, teller.tell(seen.get(noted.position, noted).fact)) for noted in links.notes[stream_id]]
        seen |= {links.notes[stream_id][0].position: links.notes[stream_id][0]} if stream_id == taken_up else {}
        for noted, words in told:
            if words is not None and noted.position in seen and noted.on <= asking.question.as_of:
                recorded_on = noted.fact.recorded_at.astimezone(asking.zone).date()
                yield Element(fact=noted.fact, on=noted.on, recorded_on=recorded_on, words=words)


def siblings_of(
    asking: Asking, reader: SupportReader, links: Links, aliases: Aliases, taken_up: str | None
) -> Iterator[Sibling]:
    """What it answers and what answers it, what else answers the same, and what the same occasion served."""
    found: dict[str, Way] = {}
    if links.before is not None:
        found[links.before] = "answers"
    found |= dict.fromkeys(links.after, "answered_by")
    found |= dict.fromkeys(links.beside, "same_posting")
    for noted in links.notes[links.own]:
        occasion = getattr(noted.fact.data, "occasion_id", None)
        if occasion is not None and noted.fact.voice is not None:
            givers = sorted(aliases.registrations(noted.fact.voice))
            for one in same_occasion(asking, givers, occasion):
                found.setdefault(one, "same_occasion")
    found.pop(links.own, None)
    notes = facts_with(asking, [f"stream:{one}" for one in found])
    for stream_id, way in found.items():
        own = [noted for noted in notes[f"stream:{stream_id}"] if noted.fact.stream.id == stream_id]
        begun = bool(own) and own[0].on <= asking.question.as_of
        sees = stream_id == taken_up or (begun and bool(reader.seen(own[:1])))
        if begun and sees and not reader.is_withheld(stream_id):
            yield sibling(way, fold_supports(own, aliases.canonical)[stream_id], asking)


def sibling(way: Way, support: Support, asking: Asking) -> Sibling:
    terms = support.terms_on(asking.question.as_of)
    return Sibling(
        way=way,
        support_id=support.support_id,
        giver_id=support.giver_id or None,
        receiver_id=support.receiver_id or None,
        category=support.category,
        agreed_minutes=None if terms is None else terms.minutes,
    )
