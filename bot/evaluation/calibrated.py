"""What a calibration has found, for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.calibration import FILE
from bot.evaluation.calibrate import Fit, Verdict
from bot.evaluation.trials import Kind
from bot.markup import clean

if TYPE_CHECKING:
    from rich.console import Console

_ASKED = {
    Kind.HELD: "as they are",
    Kind.HELD_BACK: "their articles held back",
    Kind.FOREIGN: "about other articles",
}


def fit_to_json(fit: Fit, *, written: bool) -> dict[str, Any]:
    """Return a fit as plain values."""
    held, held_back = fit.middle
    return {
        "verdict": fit.verdict.value,
        "written": written,
        "articles": fit.articles,
        "questions": {kind.value: count for kind, count in fit.counts.items()},
        "left_out": fit.spoiled,
        "median_log_odds": {Kind.HELD.value: held, Kind.HELD_BACK.value: held_back},
        "auroc": {kind.value: value for kind, value in fit.auroc.items()},
        "ece": {"before": fit.ece[0], "after": fit.ece[1]},
        "scale": fit.line.scale,
        "shift": fit.line.shift,
        "strictness": {
            choice.strictness.value: {
                "threshold": _pair((choice.before, choice.after)),
                "coverage": _pair(choice.coverage),
                "false_answers": _pair(choice.false_answers),
                "false_answers_foreign": _pair(choice.foreign),
            }
            for choice in fit.choices
        },
        "warnings": fit.warnings,
    }


def show_fit(console: Console, fit: Fit, home: Path, *, had: bool, dry_run: bool) -> None:
    """Print a fit, and what has been done about it.

    Args:
        console: Where to.
        fit: What was found.
        home: That of the index.
        had: There was a calibration before.
        dry_run: Nothing has been done.
    """
    from rich.text import Text

    asked = ", ".join(f"{count} {_ASKED[kind]}" for kind, count in fit.counts.items() if count)
    console.print(Text(f"Questions drafted from {fit.articles} articles: {asked or 'none'}", style="bold"))
    if fit.spoiled:
        console.print(f"{fit.spoiled} more were told by other articles, too, and are left out.")
    told = [f"{value:.3f} against those {_ASKED[kind]}" for kind, value in fit.auroc.items() if value is not None]
    if told:
        console.print(f"AUROC: {', '.join(told)}")
    before, after = fit.ece
    if before is not None and after is not None:
        console.print(f"Calibration error over all of them: {before:.3f}, afterwards {after:.3f}")
    _show_choices(console, fit)
    for warning in fit.warnings:
        console.print(Text(f"Note: {warning}"))
    console.print(Text(_outcome(fit, home, had=had, dry_run=dry_run)), soft_wrap=True)


def _show_choices(console: Console, fit: Fit) -> None:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold")
    table.add_column("strictness")
    for title in ("threshold", "coverage", "false answers", "about other articles"):
        table.add_column(title, justify="right")
    for choice in fit.choices:
        table.add_row(
            choice.strictness.value,
            f"{choice.before:.3f} → {choice.after:.3f}",
            _change(choice.coverage),
            _change(choice.false_answers),
            _change(choice.foreign),
        )
    console.print(table)


def _outcome(fit: Fit, home: Path, *, had: bool, dry_run: bool) -> str:
    file = clean(str(home / FILE))
    if fit.verdict is Verdict.FITTED:
        would = "would be written to" if dry_run else "is written to"
        return f"How confidence is to be read here {would} {file}. Back to the default: footnote calibrate --reset"
    if had:
        return f"The default {'would be' if dry_run else 'is'} in force again, in place of {file}."
    return "The default stays in force."


def _change(shares: Sequence[float] | None) -> str:
    if shares is None:
        return "–"
    before, after = shares
    return f"{before:.0%} → {after:.0%}".replace("%", " %")


def _pair(values: Sequence[float] | None) -> dict[str, float] | None:
    return None if values is None else {"before": round(values[0], 4), "after": round(values[1], 4)}
