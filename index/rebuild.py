"""The script that brings the index up to date: `python -m index.rebuild`, also `footnote index rebuild`."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

# Exit status of a process that was interrupted, as shells have it.
INTERRUPTED = 130

Sources = Annotated[
    list[Path] | None, typer.Argument(metavar="SOURCE", help="Files and folders of articles.", show_default=False)
]
Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="DIR",
        help="The folder that holds the index; FOOTNOTE_HOME if not given, else .footnote.",
        show_default=False,
    ),
]
Full = Annotated[bool, typer.Option("--full", help="Embed everything anew.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with 1 if an article had to be skipped.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def rebuild(
    sources: Sequence[Path] | None,
    home: Path | None,
    *,
    full: bool,
    dry_run: bool,
    strict: bool,
    as_json: bool,
    samples: Path | None = None,
) -> int:
    """Run one rebuild as configured and print what it did.

    Args:
        sources: Of articles; if there are none the configured ones, and else those that the index was built from.
        home: The folder that holds the index; the configured one if not given.
        full: Embed everything anew.
        dry_run: Change nothing.
        strict: Fail if an article had to be skipped.
        as_json: Print one JSON object instead of sentences.
        samples: Articles to index where no source is given or configured.

    Returns:
        The exit status: 0 done, 1 failed, 2 nothing to read was given, 130 interrupted.
    """
    from index.builder import build
    from index.config import Config, ConfigProblem, load
    from index.errors import IndexFailure
    from index.report import progress_for_this_terminal, report_json, report_text

    try:
        config = load(Config, {"home": home}).config
    except ConfigProblem as error:
        print(error, file=sys.stderr)
        return 2
    locations = list(sources or config.index.sources) or _locations_of_current(config.home)
    if not locations and samples is not None:
        locations = [samples]
        print("No source is configured: these are the sample articles that come with Footnote.", file=sys.stderr)
    if not locations:
        print(
            "No source of articles is given. Name files or folders, or set sources under [index] in footnote.toml.",
            file=sys.stderr,
        )
        return 2
    try:
        with progress_for_this_terminal() as progress:
            report = build(
                locations,
                config.home,
                config.index.settings(),
                full=full,
                dry_run=dry_run,
                progress=progress,
                retention=config.index.retention(),
            )
    except KeyboardInterrupt:
        print("\nStopped. The index is as it was before.", file=sys.stderr)
        return INTERRUPTED
    except IndexFailure as error:
        print(error, file=sys.stderr)
        return 1
    for problem in report.problems:
        print(f"Skipped {problem.where}: {problem.reason}", file=sys.stderr)
    print(json.dumps(report_json(report, dry_run), ensure_ascii=False) if as_json else report_text(report, dry_run))
    return 1 if strict and report.problems else 0


def _locations_of_current(home: Path) -> list[Path]:
    """Return what the index that serves was built from, so that a rebuild without a word never replaces it."""
    from index.errors import IndexFailure
    from index.generations import current_folder, read_manifest

    try:
        return [Path(location) for location in read_manifest(current_folder(home)).locations]
    except IndexFailure:
        return []


def run(app: typer.Typer) -> None:
    """Run a command line as this process: UTF-8 on every machine, and a sentence for what the machine refuses."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # What UTF-8 cannot hold (halves of a surrogate pair) becomes the escape that JSON has for it.
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except OSError as error:
        # Python flushes once more as it ends; that must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        # Whoever read the output has seen enough (`footnote ask … | head`): no error to them.
        if not isinstance(error, BrokenPipeError):
            where = f"{error.filename}: " if error.filename else ""
            print(f"The machine refuses: {where}{error.strerror or error}.", file=sys.stderr)
        sys.exit(1)


def main(
    sources: Sources = None,
    home: Home = None,
    full: Full = False,
    dry_run: DryRun = False,
    strict: Strict = False,
    as_json: AsJson = False,
) -> None:
    """Bring the index up to date with the articles: what is new or changed is embedded, what is gone is removed.

    Without SOURCE, those under [index] in footnote.toml are read; without any there, those the index was built from.
    The index that serves goes on serving until the new one is complete.
    """
    raise typer.Exit(rebuild(sources, home, full=full, dry_run=dry_run, strict=strict, as_json=as_json))


if __name__ == "__main__":
    app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
    run(app)
