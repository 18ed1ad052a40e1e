"""`footnote doctor`: whether everything is in place, for a person or a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.start import ANSWERED, FAILURE, console
from index.rebuild import AsJson, Home

if TYPE_CHECKING:
    from rich.console import Console

    from bot.doctor import Finding

_STYLES = {"ok": "green", "warning": "yellow", "problem": "bold red"}


def doctor(
    home: Home = None,
    offline: Annotated[bool, typer.Option("--offline", help="Send nothing to anybody.")] = False,
    as_json: AsJson = False,
) -> None:
    """Look at everything the bot stands on, and say what to do where something is wrong.

    Python, disk, model, index, ledger and ports; with a token, what Discord says of it, of the application's intents,
    of the permissions on each server and of the clock; and the language model, if there is one: it is asked for one
    word.
    Nothing is changed.

    \b
    Exit status:
      0  the bot can run, perhaps with warnings
      1  something has to be done first
    """  # noqa: D301 - click's mark for "do not rewrap"
    from bot.doctor import Level, examine
    from bot.doctor.model import ok, problem
    from bot.settings import Settings
    from index.config import ConfigProblem, load

    found: list[Finding] = []
    show = _collecting(found) if as_json else _printing(found, console())
    try:
        settings = load(Settings, {"home": home}).config
    except ConfigProblem as error:
        show(problem("configuration", str(error), "Correct it; everything else depends on it."))
    else:
        show(ok("configuration", f"It can be read; the home is {settings.home}"))
        for finding in examine(settings, offline=offline):
            show(finding)
    counts = {level: sum(finding.level is level for finding in found) for level in Level}
    if as_json:
        _print_json(found, healthy=not counts[Level.PROBLEM])
    else:
        print(f"\n{_counted(counts[Level.PROBLEM], 'problem')}, {_counted(counts[Level.WARNING], 'warning')}.")
    raise typer.Exit(FAILURE if counts[Level.PROBLEM] else ANSWERED)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _collecting(found: list[Finding]) -> Any:
    return found.append


def _printing(found: list[Finding], screen: Console) -> Any:
    from rich.text import Text

    from bot.markup import clean

    def show(finding: Finding) -> None:
        found.append(finding)
        level = (f"{finding.level:8}", _STYLES[finding.level])
        screen.print(Text.assemble(level, " ", (finding.about, "bold"), ": ", clean(finding.told)), soft_wrap=True)
        if finding.remedy:
            screen.print(Text(f"         → {clean(finding.remedy)}"), soft_wrap=True)

    return show


def _print_json(found: list[Finding], *, healthy: bool) -> None:
    from bot.answer_json import json_text

    checks = [
        {"level": finding.level, "about": finding.about, "told": finding.told, "remedy": finding.remedy}
        for finding in found
    ]
    print(json_text({"healthy": healthy, "checks": checks}))
