"""`footnote gaps` and `footnote ratings`: what the ledger tells of how the bot is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli_ledger import with_ledger
from bot.start import console, new_asker, read_settings, refuse
from index.rebuild import AsJson, Home

if TYPE_CHECKING:
    from datetime import datetime

    from bot.gaps import Gap
    from bot.settings import Settings

Since = Annotated[
    str, typer.Option(metavar="DAY", help="Only from this day on: 2026-01-31, 'Jan 2026', '3 weeks ago'.")
]
Server = Annotated[int | None, typer.Option(metavar="ID", help="Only on this Discord server.", show_default=False)]


def gaps(
    home: Home = None,
    since: Since = "30 days ago",
    server: Server = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="How many to show, most asked first.")] = 50,
    as_csv: Annotated[bool, typer.Option("--csv", help="As a table for spreadsheets.")] = False,
    as_json: AsJson = False,
) -> None:
    """Tell what was asked and not answered: grouped by meaning, counted, with who wants to be told.

    What has been answered since is left out.

    \b
    Examples:
      footnote gaps --since '1 week ago'
      footnote gaps --csv > gaps.csv
    """  # noqa: D301 - click's mark for "do not rewrap"
    if as_csv and as_json:
        refuse("--csv and --json exclude each other.")
    settings = read_settings({"home": home})
    found = _found(settings, _moment(since), server)
    if as_json:
        from bot.answer_json import json_text

        print(json_text([_values(gap) for gap in found[:limit]]))
    elif as_csv:
        import csv
        import sys

        writer = csv.writer(sys.stdout)
        writer.writerow(["question", "count", "wishes", "related", "first", "last", "wordings"])
        for gap in found[:limit]:
            values = _values(gap) | {"wordings": " | ".join(gap.wordings)}
            writer.writerow([_cell(value) for value in values.values()])
    elif not found:
        print("Nothing was left unanswered.")
    else:
        _show(found[:limit], len(found))


def ratings(home: Home = None, since: Since = "1 year ago", server: Server = None) -> None:
    """Print what members thought of answers as a file of questions, for `footnote eval`.

    What was found helpful is expected again, word for word. What was not is marked as a draft, with the reason that was
    given: write into "answers" what it should have been, or leave it unanswerable.

    \b
    Example:
      footnote ratings > rated.jsonl
      footnote eval rated.jsonl
    """  # noqa: D301 - click's mark for "do not rewrap"
    from bot.answer_json import json_text
    from bot.rated import questions_of

    moment = _moment(since)
    rated = with_ledger(read_settings({"home": home}), lambda ledger: ledger.ratings.all(moment, server))
    for question in questions_of(rated):
        print(json_text(question))


def _found(settings: Settings, since: datetime, server: int | None) -> list[Gap]:
    from contextlib import closing

    from bot.gaps import gaps_of, wordings_of
    from bot.gathering import gather, vectors_of
    from index import IndexFailure

    gathered = with_ledger(settings, lambda ledger: gather(ledger, since, server))
    wordings = wordings_of(gathered.asks)
    vectors: dict[str, Any] | None = {}
    if len(wordings) > 1:
        try:
            with closing(new_asker(settings)) as asker, console(standard_error=True).status("Comparing questions"):
                vectors = asker.look(lambda index: vectors_of(index, wordings))
        except IndexFailure:
            vectors = None  # without an index they are compared by their words
    return gaps_of(gathered.asks, gathered.wished, gathered.answered, vectors)


def _moment(since: str) -> datetime:
    from datetime import UTC, datetime, time

    from bot.days import read_day

    try:
        return datetime.combine(read_day(since, datetime.now(UTC).date()), time(), UTC)
    except ValueError as error:
        refuse(f"--since: {error}")


def _values(gap: Gap) -> dict[str, Any]:
    return {
        "question": gap.question,
        "count": gap.count,
        "wishes": gap.wishes,
        "related": gap.related,
        "first": gap.first.isoformat(timespec="seconds"),
        "last": gap.last.isoformat(timespec="seconds"),
        "wordings": list(gap.wordings),
    }


def _cell(value: object) -> object:
    """Return a value that no spreadsheet takes for a formula, on one line."""
    if not isinstance(value, str):
        return value
    text = "".join(character if character.isprintable() else " " for character in value)
    return f"'{text}" if text[:1] in "=+-@" and text else text


def _show(gaps: list[Gap], count: int) -> None:
    from rich.table import Table
    from rich.text import Text

    from bot.markup import clean

    table = Table(box=None, pad_edge=False)
    for name in ("asked", "wishes", "last", "question"):
        table.add_column(name, justify="left" if name == "question" else "right")
    for gap in gaps:
        table.add_row(str(gap.count), str(gap.wishes or ""), str(gap.last.date()), Text(clean(gap.question)))
    console().print(table)
    if count > len(gaps):
        print(f"… and {count - len(gaps)} more; --limit shows them.")
