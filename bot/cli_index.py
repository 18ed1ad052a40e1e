"""`footnote index`: build the index, look at it, and at the generations that are kept."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from bot.start import FAILURE, console, fail, read_settings
from index.rebuild import AsJson, DryRun, Full, Home, Sources, Strict, rebuild

GenerationId = Annotated[
    str | None,
    typer.Argument(
        metavar="ID",
        help="A generation, or how its id begins or ends; see footnote index list.",
        show_default=False,
    ),
]

index_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Build the index and look at it.")


@index_app.command("rebuild")
def index_rebuild(
    sources: Sources = None,
    home: Home = None,
    full: Full = False,
    dry_run: DryRun = False,
    strict: Strict = False,
    as_json: AsJson = False,
) -> None:
    """Bring the index up to date with the articles.

    What is new or changed is embedded, what is gone is removed, the rest is left as it is. Without SOURCE, those under
    [index] in footnote.toml are read; without any there, those the index was built from; and at the very first, the
    sample articles. The index that serves goes on serving until the new one is complete.

    \b
    Examples:
      footnote index rebuild
      footnote index rebuild articles/ archive.jsonl.gz --dry-run
    """  # noqa: D301 - click's mark for "do not rewrap"
    from bot.data import data_folder

    raise typer.Exit(
        rebuild(
            sources,
            home,
            full=full,
            dry_run=dry_run,
            strict=strict,
            as_json=as_json,
            samples=data_folder("seeds"),
        )
    )


@index_app.command("status")
def index_status(home: Home = None, as_json: AsJson = False) -> None:
    """Tell what the index holds: articles, passages, model, age, size, publishers."""
    from bot.answer_json import json_text
    from bot.status import calibration_of, show_status, status_json
    from index import IndexFailure, generation_status

    settings = read_settings({"home": home})
    try:
        status = generation_status(settings.home)
    except IndexFailure as error:
        fail(str(error))
    calibration = calibration_of(settings, status)
    if as_json:
        print(json_text(status_json(status, calibration)))
    else:
        show_status(console(), status, calibration)


@index_app.command("list")
def index_list(home: Home = None, as_json: AsJson = False) -> None:
    """List the generations that are kept: the one that serves, and those to go back to.

    \b
    Example:
      footnote index list
    """  # noqa: D301 - click's mark for "do not rewrap"
    from bot.answer_json import json_text
    from bot.generation_lines import listed_json, listed_lines
    from index import list_generations

    settings = read_settings({"home": home})
    with _told():
        rows = list_generations(settings.home)
    if as_json:
        print(json_text([listed_json(row) for row in rows]))
    elif rows:
        print("\n".join(listed_lines(rows)))
    else:
        print(f"There is no index in {settings.home} yet. Run: footnote index rebuild")


@index_app.command("verify")
def index_verify(
    name: GenerationId = None,
    everything: Annotated[bool, typer.Option("--all", help="All that are kept.")] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Compare every file of a generation with the checksums that were taken when it was published.

    A single flipped bit is found, in any file. Exit status 1 if anything differs.

    \b
    Examples:
      footnote index verify
      footnote index verify --all --json
    """  # noqa: D301 - click's mark for "do not rewrap"
    from bot.answer_json import json_text
    from index import differences, find_generation, list_generations

    settings = read_settings({"home": home})
    with _told():
        names = [row.id for row in list_generations(settings.home)] if everything else [name]
        folders = [find_generation(settings.home, one) for one in names]
        found = {folder.name: differences(folder) for folder in folders}
    if as_json:
        print(
            json_text(
                [{"generation": one, "whole": not problems, "problems": problems} for one, problems in found.items()]
            )
        )
    else:
        for one, problems in found.items():
            print(f"{one}: {'damaged' if problems else 'whole'}")
            print("".join(f"  {problem}\n" for problem in problems), end="")
        if any(found.values()):
            print("To mend it: footnote index rebuild --full, or go back: footnote index rollback", file=sys.stderr)
    if any(found.values()):
        raise typer.Exit(FAILURE)


@index_app.command("rollback")
def index_rollback(name: GenerationId = None, home: Home = None, as_json: AsJson = False) -> None:
    """Let the generation before serve again, or the one named. Running bots follow; nothing is removed.

    \b
    Examples:
      footnote index rollback
      footnote index rollback 20261124T2201
    """  # noqa: D301 - click's mark for "do not rewrap"
    from bot.answer_json import json_text
    from index import current_id, rollback

    settings = read_settings({"home": home})
    with _told():
        before = current_id(settings.home)
        now = rollback(settings.home, settings.index.settings(), name)
    if as_json:
        print(json_text({"generation": now, "before": before}))
    elif now == before:
        print(f"{now} serves already.")
    else:
        print(f"{now} serves now. To undo this: footnote index rollback {before}")


@index_app.command("prune")
def index_prune(
    keep: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Instead of [index] keep.", show_default=False)
    ] = None,
    days: Annotated[
        int | None, typer.Option(metavar="DAYS", min=0, help="Instead of [index] keep_days.", show_default=False)
    ] = None,
    dry_run: DryRun = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Remove the generations that are kept no longer, as every rebuild does; never the one that serves.

    One that somebody reads is removed as soon as nobody does.

    \b
    Examples:
      footnote index prune --keep 1
      footnote index prune --days 7 --dry-run
    """  # noqa: D301 - click's mark for "do not rewrap"
    from bot.answer_json import json_text
    from index import prune_home

    settings = read_settings({"home": home})
    with _told():
        retention = settings.index.retention(keep, days)
        pruned = prune_home(settings.home, retention, dry_run=dry_run)
    if as_json:
        print(json_text({"removed": pruned.removed, "doomed": pruned.doomed, "dry_run": dry_run}))
        return
    verb = "Would remove" if dry_run else "Removed"
    print("\n".join([f"{verb} {one}" for one in pruned.removed]) or "Nothing to remove.")
    for one in pruned.doomed:
        print(f"{one} is read; it goes as soon as nobody reads it.")


@index_app.command("diff")
def index_diff(
    before: Annotated[str | None, typer.Argument(metavar="A", help="The generation before, if not given.")] = None,
    after: Annotated[str | None, typer.Argument(metavar="B", help="The one that serves, if not given.")] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Tell which articles were added, changed and removed from generation A to generation B.

    \b
    Examples:
      footnote index diff
      footnote index diff 20261124T2201 20261125T2200 --json
    """  # noqa: D301 - click's mark for "do not rewrap"
    from bot.answer_json import json_text
    from bot.generation_lines import difference_json, difference_lines
    from index import compare

    settings = read_settings({"home": home})
    with _told():
        found = compare(settings.home, before, after)
    print(json_text(difference_json(found)) if as_json else "\n".join(difference_lines(found)))


@contextmanager
def _told() -> Iterator[None]:
    """Say what went wrong with the index, and exit."""
    from index import IndexFailure

    try:
        yield
    except IndexFailure as error:
        fail(str(error))
