"""`footnote sources`: where articles come from, for whoever runs the bot."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from bot.start import FAILURE, console, read_settings, refuse
from index.rebuild import AsJson, Home

if TYPE_CHECKING:
    from bot.settings import Settings
    from index.sources import Source
    from index.sources.trial import Trial

sources_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="See, try and change where articles come from.\n\n"
    "\b\nFor example:\n"
    "  footnote sources add 'The Harbour Post' feed url=https://example.org/feed.xml\n"
    "  footnote sources test\n"
    "  footnote index rebuild",
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The source's name.")]

# Articles that a test reads of each source.
_TRIED = 3
_FIRST_WORDS = 200  # characters


@sources_app.command("list")
def list_sources(home: Home = None, as_json: AsJson = False) -> None:
    """List the sources: what each reads, how many articles it has in the index, and how its last reading went.

    \b
    Example:
      footnote sources list --json
    """  # noqa: D301 - click's mark for "do not rewrap"
    from index.source_states import states_of

    settings = read_settings({"home": home})
    sources = _built(settings)
    states = states_of(settings.home, [(source.name, source.kind) for source in sources])
    rows = [
        {
            "name": source.name,
            "kind": source.kind,
            "where": source.where,
            "articles": state.articles,
            "state": state.state if state.tried_at else "new",
            "read_at": state.read_at,
            "tried_at": state.tried_at,
            "failure": state.failure,
            "since": state.since,
        }
        for source, state in zip(sources, states, strict=True)
    ]
    if as_json:
        print(
            json.dumps({"sources": rows, "paths": [str(path) for path in settings.index.sources]}, ensure_ascii=False)
        )
    else:
        _show_list(rows, settings)


@sources_app.command("add")
def add(
    name: Name,
    kind: Annotated[
        str,
        typer.Argument(metavar="KIND", help="files, feed, sitemap, page, …: see docs/sources.md."),
    ],
    options: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="KEY=VALUE", help="The kind's options; a key given twice is a list.", show_default=False
        ),
    ] = None,
) -> None:
    """Add a source to footnote.toml; everything else in the file stays as it is. It is read at the next rebuild.

    \b
    Examples:
      footnote sources add 'The Harbour Post' feed url=https://example.org/feed.xml
      footnote sources add Archive files path=articles path=more/2025.jsonl.gz
      footnote sources add Town sitemap url=https://example.org/ only='/news/*' limit=500 publisher='Town of Varr'
    """  # noqa: D301 - click's mark for "do not rewrap"
    from index.config import ConfigProblem, config_file
    from index.sources.editing import add_source, new_source

    given: dict[str, list[str]] = {}
    for option in options or []:
        key, equals, value = option.partition("=")
        if not equals or not key:
            refuse(f"{option!r} is no option: write it as KEY=VALUE, such as url=https://example.org/feed.xml")
        given.setdefault(key.strip(), []).append(value)
    file = config_file()
    try:
        add_source(file, new_source(name, kind, given, file))
    except ConfigProblem as error:
        refuse(str(error))
    quoted = json.dumps(name, ensure_ascii=False)
    print(f"Added {quoted} to {file}.\nNext: footnote sources test {quoted}, then: footnote index rebuild")


@sources_app.command("remove")
def remove(name: Name) -> None:
    """Take a source out of footnote.toml. Its articles leave the index with the next rebuild."""
    from index.config import ConfigProblem, config_file
    from index.sources.editing import remove_source

    file = config_file()
    try:
        removed = remove_source(file, name)
    except ConfigProblem as error:
        refuse(str(error))
    print(f'Removed "{removed.name}" from {file}. Its articles are in the index until: footnote index rebuild')


@sources_app.command("test")
def test(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Only this one; all if not given.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Try to read a few articles of each source, and say what works and what does not. Nothing is indexed.

    Exits with 1 if a source cannot be read.
    """
    settings = read_settings({})
    tried = [(source, _tried(source, settings, _TRIED)) for source in _chosen(settings, name)]
    if as_json:
        print(json.dumps([_trial_json(source, trial) for source, trial in tried], ensure_ascii=False))
    else:
        for source, trial in tried:
            _show_trial(source, trial)
    if not all(trial.works for _, trial in tried):
        raise typer.Exit(FAILURE)


@sources_app.command("preview")
def preview(
    name: Name,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, max=1_000, help="How many articles.")] = 5,
    as_json: AsJson = False,
) -> None:
    """Show a source's articles as they would be indexed: title, day and what says so, address, length, first words.

    \b
    Example:
      footnote sources preview 'The Harbour Post' --limit 20
    """  # noqa: D301 - click's mark for "do not rewrap"
    settings = read_settings({})
    (source,) = _chosen(settings, name)
    trial = _tried(source, settings, limit)
    if as_json:
        print(json.dumps(_trial_json(source, trial), ensure_ascii=False))
    else:
        _show_preview(trial)
    if not trial.works:
        raise typer.Exit(FAILURE)


def _built(settings: Settings) -> list[Source]:
    from index.config import ConfigProblem
    from index.sources import build_sources

    try:
        return build_sources(settings)
    except ConfigProblem as error:
        refuse(str(error))


def _chosen(settings: Settings, name: str | None) -> list[Source]:
    sources = _built(settings)
    chosen = [source for source in sources if name is None or source.name.casefold() == name.casefold()]
    if not chosen:
        _refuse_unknown(name, [source.name for source in sources])
    return chosen


def _refuse_unknown(name: str | None, names: list[str]) -> NoReturn:
    if not names:
        refuse("No source is configured. Add one: footnote sources add NAME KIND KEY=VALUE; --help has examples.")
    refuse(f"There is no source {name!r}. There are: {', '.join(names)}.")


def _tried(source: Source, settings: Settings, articles: int) -> Trial:
    from index.sources.trial import try_source

    # Shown only where somebody watches, and gone when it is done.
    with console(standard_error=True).status(f"Reading {source.name}"):
        return try_source(source, settings.fetch.settings(), articles)


def _trial_json(source: Source, trial: Trial) -> dict[str, Any]:
    return {
        "name": source.name,
        "kind": source.kind,
        "where": source.where,
        "works": trial.works,
        "failure": trial.failure or None,
        "articles": [
            {
                "id": read.article.id,
                "title": read.article.title,
                "published": read.article.published.isoformat() if read.article.published else None,
                "dated_by": read.origin.dated_by,
                "url": read.article.url,
                "source": read.article.source,
                "authors": list(read.article.authors),
                "characters": len(read.article.text),
                "begins": read.article.text[:_FIRST_WORDS],
            }
            for read in trial.read
        ],
        "problems": [{"where": problem.where, "reason": problem.reason} for problem in trial.problems],
        "remarks": [{"where": remark.where, "said": remark.said} for remark in trial.remarks],
        "more": trial.more,
        "seconds": round(trial.seconds, 3),
    }


def _show_list(rows: list[dict[str, Any]], settings: Settings) -> None:
    from bot.markup import clean

    if rows:
        lines: list[tuple[str, ...]] = [("name", "kind", "articles", "last read", "state", "where")]
        for row in rows:
            read_at = (row["read_at"] or "never")[:16].replace("T", " ")
            told = (row["name"], row["kind"], f"{row['articles']:,}", read_at, row["state"], row["where"])
            lines.append(tuple(map(clean, told)))
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        for line in lines:
            *cells, where = line
            padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=False)]
            padded[2] = cells[2].rjust(widths[2])
            # The last is never broken: whoever wants the address selects it.
            print("  ".join([*padded, where]))
    else:
        print("No source has a name. Add one: footnote sources add NAME KIND KEY=VALUE; --help has examples.")
    for row in rows:
        if row["failure"]:
            since = f" since {row['since'][:16].replace('T', ' ')}" if row["since"] else ""
            print(f"{row['name']} {row['state']}{since}: {clean(row['failure'])}")
    if settings.index.sources:
        print(f"Files and folders without a name: {', '.join(map(str, settings.index.sources))}")


def _show_trial(source: Source, trial: Trial) -> None:
    from bot.markup import clean

    if trial.failure:
        print(f"✗ {source.name} ({source.kind}): {clean(trial.failure)}")
        return
    count = f"{len(trial.read)}{' or more' if trial.more and trial.read else ''}"
    mark = "✓" if trial.works else "✗"
    articles = "article" if count == "1" else "articles"
    print(f"{mark} {source.name} ({source.kind}): {count} {articles} read in {trial.seconds:.1f} s.")
    for read in trial.read:
        day = read.article.published.isoformat() if read.article.published else "no date"
        print(f"    {clean(read.article.title) or '(no title)'} ({day}, {len(read.article.text):,} characters)")
    _show_rest(trial)


def _show_preview(trial: Trial) -> None:
    from bot.markup import clean

    for number, read in enumerate(trial.read, start=1):
        article = read.article
        dated = f" ({read.origin.dated_by})" if read.origin.dated_by else ""
        day = f"{article.published.isoformat()}{dated}" if article.published else "no date"
        said = [day, article.source or "no publisher", f"{len(article.text):,} characters", article.url or read.where]
        print(f"{number}. {clean(article.title) or '(no title)'}\n   {' · '.join(map(clean, said))}")
        begins = clean(article.text[: _FIRST_WORDS + 1])
        print(f"   {begins[:_FIRST_WORDS]}{'…' if len(begins) > _FIRST_WORDS else ''}\n")
    if trial.failure:
        print(clean(trial.failure))
    elif not trial.read and not trial.problems:
        print("There are no articles.")
    _show_rest(trial)


def _show_rest(trial: Trial) -> None:
    from bot.markup import clean

    for problem in trial.problems:
        print(f"    Skipped {clean(problem.where)}: {clean(problem.reason)}")
    for remark in trial.remarks:
        print(f"    Note: {clean(remark.where)} {clean(remark.said)}")
