"""`footnote index list`, `verify`, `rollback`, `prune`, `diff`, `export`, `import`: the generations that are kept."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from bot.start import FAILURE, fail, read_settings, refuse
from index.rebuild import AsJson, DryRun, Home

GenerationId = Annotated[
    str | None,
    typer.Argument(
        metavar="ID",
        help="A generation, or how its id begins or ends; see footnote index list.",
        show_default=False,
    ),
]


def list_kept(home: Home = None, as_json: AsJson = False) -> None:
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


def verify(
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

    if everything and name is not None:
        refuse("Give either ID or --all.")
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


def rollback(name: GenerationId = None, home: Home = None, as_json: AsJson = False) -> None:
    """Let the generation before serve again, or the one named. Running bots follow; nothing is removed.

    \b
    Examples:
      footnote index rollback
      footnote index rollback 20261124T2201
    """  # noqa: D301 - click's mark for "do not rewrap"
    from bot.answer_json import json_text
    from index import current_id
    from index import rollback as go_back

    settings = read_settings({"home": home})
    with _told():
        before = current_id(settings.home)
        now = go_back(settings.home, settings.index.settings(), name)
    if as_json:
        print(json_text({"generation": now, "before": before}))
    elif now == before:
        print(f"{now} serves already.")
    else:
        print(f"{now} serves now. To undo this: footnote index rollback {before}")


def prune(
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


def compare_generations(
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


def export(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Where to; - for standard output.")],
    name: Annotated[
        str | None,
        typer.Option("--generation", metavar="ID", help="Another than the one that serves.", show_default=False),
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Write the index to one file, which another machine imports without embedding anything.

    It is a tar file, with the checksums of all files in it first.

    \b
    Examples:
      footnote index export index.tar
      footnote index export - | zstd | ssh host 'zstd -d | footnote index import -'
    """  # noqa: D301 - click's mark for "do not rewrap"
    from bot.answer_json import json_text
    from bot.status import size_text
    from index import export_generation

    settings = read_settings({"home": home})
    if file == "-" and sys.stdout.isatty():
        refuse("The export is binary: send standard output to a file or another program.")
    with _told():
        done = export_generation(settings.home, sys.stdout.buffer if file == "-" else Path(file), name)
    out = sys.stderr if file == "-" else sys.stdout
    if as_json:
        print(json_text({"generation": done.generation, "files": done.files, "bytes": done.bytes}), file=out)
    else:
        print(f"Exported {done.generation}: {done.files} files, {size_text(done.bytes)}.", file=out)


def import_(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="What footnote index export wrote; - for standard input.")
    ],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Let an index serve that was exported, here or on another machine. Nothing is embedded.

    Every file is compared with its checksum, the whole is validated as a build is, and serves only if it was built with
    the settings and the model that are configured here.

    \b
    Example:
      footnote index import index.tar
    """  # noqa: D301 - click's mark for "do not rewrap"
    from bot.answer_json import json_text
    from bot.cli_forgetting import forget_gone
    from index import import_generation

    settings = read_settings({"home": home})
    try:
        stream = sys.stdin.buffer if file == "-" else Path(file).open("rb")  # noqa: SIM115 - closed below
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}.")
    with stream, _told():
        done = import_generation(
            settings.home, stream, settings.index.settings(), retention=settings.index.retention(None, None)
        )
    if as_json:
        print(json_text({"generation": done.generation, "articles": done.articles, "before": done.previous}))
    else:
        print(f"{done.generation} serves now: {done.articles:,} articles in {done.passages:,} passages.")
        if done.previous:
            print(f"To go back: footnote index rollback {done.previous}")
    if not forget_gone(settings):
        raise typer.Exit(FAILURE)
