"""`pledger practices`: what schools gave away, and what came back better."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import click

from api.schemas.practices import LineageStep, PracticeInShort
from cli.answering import Answering, answering
from cli.asking import Category, Question, page_asked, question_options
from cli.explaining import explain_option, print_workings
from cli.lines import print_lines
from cli.opening import Said, key_option
from cli.output import Form, form_options, page_options, print_json, print_table
from cli.saying import headed, said_day, short
from projections.audit.telling import words_of
from projections.practices.explaining import beside
from projections.wording import several

STATES: Final = ("assured", "needs_work", "shared")


@click.command(short_help="Practices: shared, assured, adopted, come back better.")
@click.argument("practice_id", required=False, type=click.UUID)
@click.option("--search", default="", help="Words of the title or summary.")
@click.option("--category", type=Category(), help="Of this category.")
@click.option("--author", help="Who shared it (name, id or URN).")
@click.option("--state", type=click.Choice(STATES), help="Where they stand.")
@page_options
@explain_option
@question_options
@form_options
@key_option
def practices(said: Said, form: Form, question: Question, explain: bool, practice_id: Any, **given: Any) -> None:
    """List the practices you may see, assured ones first, or show one with what became of it.

    \b
    Example:  pledger practices --search "phonics lesson" --state assured
              pledger practices --author "Northfield Primary" --explain
              pledger practices 0b9e3a1c-4f0e-4d67-9d3e-0a51f7c1a001 --json
    """
    with answering(said) as ledger:
        if practice_id is not None:
            asked = {name: question[name] for name in ("as_of", "known_at")}
            answer = ledger.get(f"/v1/practices/{practice_id}", **asked, explain=explain or None)
        else:
            answer = ledger.get("/v1/practices", **question, **wanted(ledger, **given), explain=explain or None)
    if form == "json":
        print_json(answer)
    elif form == "csv":
        rows, of = ("items", PracticeInShort) if practice_id is None else ("lineage", LineageStep)
        print_lines(answer[rows], answer["names"], of)
    else:
        (show_list if practice_id is None else show_one)(answer)
        print_workings(answer)


def wanted(
    ledger: Answering, *, search: str, author: str | None, after: str, limit: int, **filters: Any
) -> dict[str, Any]:
    """Which practices, and which page of them. Raises NobodyOfThisName where nobody is meant by `author`."""
    author_id = None if author is None else ledger.directory().one(author, "organisation").id
    return {"q": search or None, "author": author_id, **filters, **page_asked(after, limit)}


def show_list(answer: Mapping[str, Any]) -> None:
    names = answer["names"]
    rows = [
        (
            one["title"],
            names.get(one["author_id"], one["author_id"]),
            words_of(one["category"]),
            one["state"].replace("_", " "),
            str(one["adopted"]),
            str(one["returned"]),
            one["id"],
        )
        for one in answer["items"]
    ]
    header = ("practice", "shared by", "category", "state", "adopted", "came back", "id")
    print_table(headed("Practices", answer), header, rows, frozenset({4, 5}), wrap={0, 1})
    click.echo(f"In all: {beside(answer['shared'], answer['adopted'], answer['returned'])}.")
    if answer["has_more"]:
        click.echo(f"There is more: --after '{answer['next']}'")


def show_one(answer: Mapping[str, Any]) -> None:
    names = answer["names"]
    author = names.get(answer["author_id"], answer["author_id"])
    category, on = words_of(answer["category"]), said_day(answer["shared_on"])
    title = f"{answer['title']} ({category}), shared by {author} on {on}"
    rows = [
        (short(one["on"]), WORDS[one["step"]], names.get(one["organisation_id"], one["organisation_id"]), remark(one))
        for one in answer["lineage"]
    ]
    print_table(title, ("day", "what", "by", ""), rows, frozenset(), wrap={2, 3})


WORDS: Final = {"assured": "assured", "needs_work": "needs work", "adopted": "adopted", "returned": "came back better"}


def remark(step: Mapping[str, Any]) -> str:
    """What was said with a step, and how long it took to come back."""
    days = [f"after {several(step['after_days'], 'day')}"] if "after_days" in step else []
    return "; ".join((*days, *(step[name] for name in ("criteria", "comment", "improvement", "link") if name in step)))
