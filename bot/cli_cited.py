"""`footnote cited`: which answers were given from an article, and what has become of what was quoted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli_ledger import with_ledger
from bot.start import fail, read_settings, refuse
from index.rebuild import AsJson, Home

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.ledger import Ask, Cited, Ledger
    from index.archive import Archive


def cited(
    article: Annotated[
        str | None, typer.Argument(metavar="ARTICLE", help="An article's id, or its address.", show_default=False)
    ] = None,
    home: Home = None,
    changed: Annotated[
        bool, typer.Option("--changed", help="Only quotes that no longer stand in their article.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Tell which answers were given from an article, and whether their quotes still stand in it word for word.

    Without ARTICLE, and with --changed, tell of every answer whose quote no longer stands: after a correction, these
    are the ones that somebody may have to be told of. Answers are known for as long as the ledger keeps them.

    \b
    Examples:
      footnote cited https://example.org/articles/harbour
      footnote cited --changed --json
    """  # noqa: D301 - click's mark for "do not rewrap"
    if article is None and not changed:
        refuse("Name an article by its id or its address, or give --changed.")
    from contextlib import closing

    from index import IndexFailure, open_archive

    settings = read_settings({"home": home})
    try:
        with closing(open_archive(settings.home)) as archive:
            asks = with_ledger(settings, lambda ledger: _asks(article, archive, ledger))
            rows = [row for row in _rows(asks, article, archive) if not (changed and row["standing"] == "stands")]
    except IndexFailure as error:
        fail(str(error))
    if as_json:
        from bot.answer_json import json_text

        print(json_text(rows))
    elif not rows:
        print("Every quote on record still stands." if article is None else "No answer on record quotes it so.")
    else:
        _show(rows)


def _asks(article: str | None, archive: Archive, ledger: Ledger) -> list[Ask]:
    if article is None:
        return ledger.quotes.everything()
    found = {ask.id: ask for name in (article, *archive.ids_of(article)) for ask in ledger.quotes.of_article(name)}
    found |= {ask.id: ask for ask in ledger.quotes.of_address(article)}
    return sorted(found.values(), key=lambda ask: (ask.at, ask.id))


def _rows(asks: Sequence[Ask], article: str | None, archive: Archive) -> Iterator[dict[str, Any]]:
    from bot.corrections import changed_since, standing

    named = {article, *archive.ids_of(article)} if article is not None else set()
    for ask in asks:
        for one in ask.citations:
            if article is not None and one.article_id not in named and one.url != article:
                continue
            now = archive.article(one.article_id)
            since = changed_since(archive.versions(one.article_id), ask.at, ask.generation)
            yield {
                "at": ask.at.isoformat(timespec="seconds"),
                "ask": ask.id,
                "question": ask.question,
                "article_id": one.article_id,
                "title": one.title,
                "quote": one.quote,
                "standing": standing(one, now).value,
                "article": "here" if now else "gone",
                "changed_at": since.isoformat(timespec="seconds") if since else None,
                **_place(ask, one),
            }


def _place(ask: Ask, one: Cited) -> dict[str, Any]:
    """Return where the answer stands on Discord."""
    return {"n": one.n, "guild": ask.guild, "channel": ask.channel, "message": ask.message}


def _show(rows: Sequence[dict[str, Any]]) -> None:
    from bot.markup import clean

    said = {
        "stands": "stands word for word",
        "moved": "stands word for word, elsewhere in the article",
        "gone": "no longer stands in the article",
    }
    for row in rows:
        what = said[row["standing"]] if row["article"] == "here" else "the article is gone, and the quote was blanked"
        if row["article"] == "here" and row["changed_at"]:
            what += f"; the article changed on {row['changed_at'][:10]}"
        print(f"{row['at'][:16].replace('T', ' ')}  {clean(row['question']) or '(not kept)'}")
        print(f"  {clean(row['title'])} ({clean(row['article_id'])}): {what}")
        if row["quote"]:
            print(f"  “{clean(row['quote'])}”")
