"""A run on a terminal, for a person."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot.evaluation.catalogue import FIGURES, LOSSES, written, written_change, written_interval, written_p
from bot.evaluation.compare import Comparison
from bot.evaluation.evaluated import Evaluated
from bot.evaluation.model import Loss
from bot.evaluation.observe import loss
from bot.markup import clean

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

# Columns of the table of groups.
_GROUP_FIGURES = (
    ("passage_hit@1", "passage\n@1"), ("passage_hit@5", "passage\n@5"), ("shown_first_hit", "shown\nfirst"),
    ("shown_hit", "shown"), ("answer_hit", "answer\nhit"), ("false_answers", "false\nanswers"), ("auroc", "auroc"),
)  # fmt: skip

# Questions named of those won and lost; the others are in JSON and in the report.
_NAMED = 10


def show_evaluation(console: Console, evaluated: Evaluated) -> None:
    """Print the figures, the groups, where questions were lost, and what has changed since the other run."""
    from rich.text import Text

    run = evaluated.run
    answerable = sum(outcome.gold.answerable for outcome in run.outcomes)
    console.print(
        Text(
            f"{len(run.outcomes)} questions, {answerable} of them answerable · index {run.generation}, "
            f"{run.articles:,} articles",
            style="bold",
        )
    )
    console.print(_figures(evaluated))
    if len(evaluated.groups) > 1:
        console.print(_groups(evaluated))
    console.print(_losses(evaluated))
    if evaluated.beside:
        _show_comparison(console, evaluated.beside, "Beside the extractive answers")
    if evaluated.comparison:
        _show_comparison(console, evaluated.comparison, f"Compared with {clean(evaluated.comparison.made_at)}")
    for note in run.notes:
        console.print(Text(f"Note: {clean(note)}"))


def _figures(evaluated: Evaluated) -> Table:
    from rich.text import Text

    table = _table(("figure", "left"), ("value", "right"), ("95 % interval", "left"))
    heading = ""
    for name, figure in FIGURES.items():
        value = evaluated.values.get(name)
        if value is None:
            continue
        if figure.heading != heading:
            heading = figure.heading
            table.add_row(Text(heading, style="bold"))
        table.add_row(
            f"  {name}", written(name, value), Text(written_interval(name, evaluated.intervals[name]), style="dim")
        )
    return table


def _groups(evaluated: Evaluated) -> Table:
    from rich.text import Text

    columns = [
        (name, title) for name, title in _GROUP_FIGURES if any(name in evaluated.of_group(g) for g in evaluated.groups)
    ]
    table = _table(("group", "left"), ("asked", "right"), *((title, "right") for _, title in columns))
    # A long name goes on in the next line, rather than lose its end, by which groups differ.
    table.columns[0].overflow = "fold"
    count = Counter(outcome.gold.group for outcome in evaluated.run.outcomes)
    for group in evaluated.groups:
        found = evaluated.of_group(group)
        cells = [written(name, found[name]) if name in found else "" for name, _ in columns]
        table.add_row(Text(clean(group)), str(count[group]), *cells)
    return table


def _losses(evaluated: Evaluated) -> Table:
    found = Counter(map(loss, evaluated.run.outcomes))
    table = _table(("missed", "right"), ("where they were lost", "left"))
    for where in Loss:
        if found[where]:
            table.add_row(str(found[where]), LOSSES[where])
    if not table.row_count:
        table.add_row("0", "every question was treated as it should be")
    return table


def _show_comparison(console: Console, comparison: Comparison, heading: str) -> None:
    from rich.text import Text

    left_out = f", {comparison.left_out} in one alone or changed" if comparison.left_out else ""
    console.print(Text(f"{heading}: {comparison.shared} questions{left_out}", style="bold"))
    table = _table(
        ("figure", "left"), ("before → after", "right"), ("difference", "left"), ("won:lost", "right"), ("p", "right")
    )
    for change in comparison.changes:
        style = {True: "green", False: "red", None: ""}[change.better if change.significant else None]
        then, now = (written(change.name, value) for value in (change.before, change.after))
        interval = "…".join(written_change(change.name, end) for end in change.interval or ())
        table.add_row(
            change.name,
            f"{then.removesuffix(' %').removesuffix(' ms')} → {now}",
            Text.assemble(
                (written_change(change.name, change.difference), style), (f" ({interval})" if interval else "", "dim")
            ),
            "" if change.wins is None else f"{change.wins}:{change.losses}",
            Text(written_p(change.p), style="bold" if change.significant else ""),
        )
    console.print(table)
    for name, pairs in (("Won", comparison.won), ("Lost", comparison.lost)):
        console.print(Text(f"{name}: {len(pairs)}", style="bold"))
        for _, after in pairs[:_NAMED]:
            console.print(Text(f"  {clean(after.gold.id)}  {clean(after.gold.question)}"), soft_wrap=True)
        if len(pairs) > _NAMED:
            console.print(Text(f"  … and {len(pairs) - _NAMED} more", style="dim"))


def _table(*columns: tuple[str, str]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold")
    for title, side in columns:
        table.add_column(title, justify="right" if side == "right" else "left", no_wrap=side == "right")
    return table
