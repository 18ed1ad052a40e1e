"""The script that brings the index up to date: `python -m index.rebuild`, also `footnote index rebuild`."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from index.config import Config
    from index.sources import Source

# Exit status of a process that was interrupted, as shells have it.
INTERRUPTED = 130

Sources = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="SOURCE", help="Files and folders of articles, or names of configured sources.", show_default=False
    ),
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
AcceptShrink = Annotated[
    bool, typer.Option("--accept-shrink", help="Believe sources that suddenly have few articles; all, or SOURCE.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def rebuild(
    sources: Sequence[Path] | None,
    home: Path | None,
    *,
    full: bool,
    dry_run: bool,
    strict: bool,
    as_json: bool,
    accept_shrink: bool = False,
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
        accept_shrink: Believe sources that have suddenly few articles.
        samples: Articles to index where no source is given or configured.

    Returns:
        The exit status: 0 done; 1 failed, or a source did; 2 nothing to read was given; 130 interrupted.
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
    try:
        given, only = _what_to_read(list(sources or ()), config, samples)
    except IndexFailure as error:
        print(error, file=sys.stderr)
        return 2
    if not given:
        print(
            "No source of articles is given. Name files or folders, or set sources under [index] in footnote.toml.",
            file=sys.stderr,
        )
        return 2
    try:
        with progress_for_this_terminal() as progress:
            report = build(
                given,
                config.home,
                config.index.settings(),
                full=full,
                dry_run=dry_run,
                progress=progress,
                retention=config.index.retention(),
                only=only,
                accept_shrink=accept_shrink,
                fetch=config.fetch.settings(),
            )
    except KeyboardInterrupt:
        print("\nStopped. The index is as it was before.", file=sys.stderr)
        return INTERRUPTED
    except IndexFailure as error:
        print(error, file=sys.stderr)
        return 1
    for problem in report.problems:
        print(f"Skipped {problem.where}: {problem.reason}", file=sys.stderr)
    for remark in report.remarks:
        print(f"{remark.where} {remark.said}", file=sys.stderr)
    print(json.dumps(report_json(report, dry_run), ensure_ascii=False) if as_json else report_text(report, dry_run))
    return 1 if report.in_trouble or (strict and report.problems) else 0


def _what_to_read(
    given: list[Path], config: Config, samples: Path | None
) -> tuple[list[Path | Source], list[str] | None]:
    """Return what the index is built from and, if only some sources of it are to be asked, the names of those.

    Raises:
        ConfigProblem: A source is not configured as its kind wants it, or SOURCE mixes names and paths, or is neither.
    """
    from index.errors import ConfigProblem
    from index.sources import build_sources
    from index.sources.declared import NAME, named

    # A folder is often called like the source that reads it; what a source is told to do about itself names the source.
    names = [
        found.name
        for path in given
        if (found := named(str(path), config.sources)) and (found.name == str(path) or not path.exists())
    ]
    for path in given if config.sources and not names else ():
        if NAME.fullmatch(str(path)) and not path.exists():
            raise ConfigProblem(
                f'There is neither a source nor a file or folder "{path}".',
                f"Sources are: {', '.join(source.name for source in config.sources)}.",
            )
    if names and len(names) < len(given):
        raise ConfigProblem(
            "SOURCE is either names of configured sources or files and folders.", "Do the one after the other."
        )
    if given and not names:
        # They take the place of other files and folders alone: what has a name keeps what it has.
        others = build_sources(config)
        return [*given, *others], [] if others else None
    configured: list[Path | Source] = [*config.index.sources, *build_sources(config)]
    if names or configured:
        return configured, names or None
    locations = _locations_of_index(config.home)
    if locations is None and samples is not None:
        locations = [samples]
        print("No source is configured: these are the sample articles that come with Footnote.", file=sys.stderr)
    return list(locations or ()), None


def _locations_of_index(home: Path) -> list[Path] | None:
    """Return what the index was built from, so that a rebuild without a word never replaces it; None if there is none.

    If the generation that serves cannot be told or read, that is what the newest was built from that can.
    """
    from index.errors import IndexFailure, NoGeneration
    from index.generations import base_folder, read_manifest

    try:
        return [Path(location) for location in read_manifest(base_folder(home)).locations]
    except NoGeneration:
        return None
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
    accept_shrink: AcceptShrink = False,
    as_json: AsJson = False,
) -> None:
    """Bring the index up to date with the articles: what is new or changed is embedded, what is gone is removed.

    Without SOURCE, those that footnote.toml names are read; without any there, those the index was built from. With the
    names of configured sources, those alone are read, and the others keep what they have. Files and folders take the
    place of all others that have no name; sources with a name are not asked then, and keep what they have. A source
    that cannot be read, or has suddenly so few articles that something must be wrong, keeps what it had; the exit
    status is 1 then.
    The index that serves goes on serving until the new one is complete.
    """
    raise typer.Exit(
        rebuild(
            sources,
            home,
            full=full,
            dry_run=dry_run,
            strict=strict,
            as_json=as_json,
            accept_shrink=accept_shrink,
        )
    )


if __name__ == "__main__":
    app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
    run(app)
