"""`footnote index`: build the index, look at it, and at the generations that are kept."""

from __future__ import annotations

import typer

from bot.cli_generations import (
    compare_generations,
    export,
    import_,
    list_kept,
    prune,
    rollback,
    verify,
)
from bot.cli_schedule import schedule
from bot.start import FAILURE, console, fail, read_settings
from index.rebuild import AcceptShrink, AsJson, DryRun, Full, Home, Sources, Strict, rebuild

index_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Build the index and look at it.")
index_app.command("list")(list_kept)
index_app.command()(verify)
index_app.command()(rollback)
index_app.command()(prune)
index_app.command("diff")(compare_generations)
index_app.command()(export)
index_app.command("import")(import_)
index_app.command()(schedule)


@index_app.command("rebuild")
def index_rebuild(
    sources: Sources = None,
    home: Home = None,
    full: Full = False,
    dry_run: DryRun = False,
    strict: Strict = False,
    accept_shrink: AcceptShrink = False,
    as_json: AsJson = False,
) -> None:
    """Bring the index up to date with the articles.

    What is new or changed is embedded, what is gone is removed, the rest is left as it is. Without SOURCE, those that
    footnote.toml names are read; without any there, those the index was built from; and at the very first, the sample
    articles. With the names of configured sources, those alone are read, and the others keep what they have. Files and
    folders take the place of all others that have no name; sources with a name are not asked then, and keep what they
    have. A source that cannot be read, or has suddenly so few articles that something must be wrong, keeps what it had;
    the exit status is 1 then. The index that serves goes on serving until the new one is complete.

    \b
    Examples:
      footnote index rebuild
      footnote index rebuild blog --accept-shrink
      footnote index rebuild articles/ archive.jsonl.gz --dry-run
    """  # noqa: D301 - click's mark for "do not rewrap"
    from bot.cli_forgetting import forget_gone
    from bot.data import data_folder

    status = rebuild(
        sources,
        home,
        full=full,
        dry_run=dry_run,
        strict=strict,
        as_json=as_json,
        accept_shrink=accept_shrink,
        samples=data_folder("seeds"),
    )
    # Also where nothing was published: the time before, the ledger may have been out of reach.
    if status in {0, FAILURE} and not dry_run and not forget_gone(read_settings({"home": home})):
        status = FAILURE
    raise typer.Exit(status)


@index_app.command("status")
def index_status(home: Home = None, as_json: AsJson = False) -> None:
    """Tell what the index holds: articles, passages, model, age, size, publishers."""
    from bot.answer_json import json_text
    from bot.status import calibration_of, show_status, status_json
    from index import IndexFailure, generation_status
    from index.source_states import states_of

    settings = read_settings({"home": home})
    try:
        status = generation_status(settings.home)
    except IndexFailure as error:
        fail(str(error))
    calibration = calibration_of(settings, status)
    configured = states_of(settings.home, [(source.name, source.kind) for source in settings.sources])
    if as_json:
        print(json_text(status_json(status, calibration, configured)))
    else:
        show_status(console(), status, calibration, configured)


@index_app.command("copies")
def index_copies(home: Home = None, as_json: AsJson = False) -> None:
    """List syndicated copies: articles that say what another has said before, in nearly the same words.

    A copy stays in the index. Where both are found, an answer quotes one of them and names the other beside it.
    """
    from bot.answer_json import json_text
    from bot.markup import clean
    from index import IndexFailure, read_copies

    try:
        originals = read_copies(read_settings({"home": home}).home)
    except IndexFailure as error:
        fail(str(error))
    if as_json:
        print(json_text({"copies": [{"article_id": copy, "original": name} for copy, name in originals.items()]}))
        return
    for name in sorted(set(originals.values())):
        print(clean(name))
        for copy in sorted(copy for copy, original in originals.items() if original == name):
            print(f"  {clean(copy)}")
    print(f"{len(originals)} {'article is a copy' if len(originals) == 1 else 'articles are copies'} of another.")
