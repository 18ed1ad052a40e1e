"""The figures of `bench.size` as a table and a plot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

# Heading, and how a row is read from the figures of one size.
ROWS: list[tuple[str, str, str, float]] = [
    ("build but embedding, passages/s", "build", "rate", 1),
    ("build but embedding, passages a second of processor", "build", "processor_rate", 1),
    ("build: peak memory, MB", "build", "peak_mb", 1),
    ("ask p50, ms", "ask", "ask_with_embedding_p50_ms", 1),
    ("ask p99, ms", "ask", "ask_with_embedding_p99_ms", 1),
    ("ask p50 but embedding the question, ms", "ask", "ask_without_embedding_p50_ms", 1),
    ("ask p99 but embedding the question, ms", "ask", "ask_without_embedding_p99_ms", 1),
    ("of it Chroma p50, ms", "ask", "part_dense_p50_ms", 1),
    ("of it tantivy p50, ms", "ask", "part_lexical_p50_ms", 1),
    ("search p50, ms", "ask", "search_with_embedding_p50_ms", 1),
    ("search in half of the days p50, ms", "ask", "half_by_date_with_embedding_p50_ms", 1),
    ("search in a tenth of the days p50, ms", "ask", "tenth_by_date_with_embedding_p50_ms", 1),
    ("search in one publisher of five p50, ms", "ask", "fifth_by_source_with_embedding_p50_ms", 1),
    ("search in a hundredth p50, ms", "ask", "hundredth_with_embedding_p50_ms", 1),
    ("recall of 50, questions", "ask", "recall_questions", 1),
    ("recall of 50, vectors near passages", "ask", "recall_near", 1),
    ("open and warm (swap), s", "ask", "open_seconds", 1),
    ("memory of its own once open, MB", "ask", "memory_own_mb", 1),
    ("of it Chroma alone, MB", "ask", "memory_chroma_mb", 1),
    ("disk a passage, bytes", "disk", "all", 1),
    ("of it Chroma, bytes", "disk", "chroma", 1),
    ("of it token vectors, bytes", "disk", "tokens", 1),
    ("increment of 1 %, s", "increment", "seconds", 1),
]


def table(figures: dict[int, dict[str, Any]]) -> str:
    """Return a Markdown table, a column a size."""
    lines = ["| passages | " + " | ".join(f"{count:,}" for count in figures) + " |", "|---" * (len(figures) + 1) + "|"]
    for heading, step, name, unit in ROWS:
        cells = [_said(found.get(step, {}).get(name), unit) for found in figures.values()]
        lines.append(f"| {heading} | {' | '.join(cells)} |")
    return "\n".join(lines)


def plot(path: Path, figures: dict[int, dict[str, Any]]) -> None:
    """Draw what an ask, a build and a passage cost at each size."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    counts = [count for count, found in figures.items() if "ask" in found]
    drawn = [
        ("an ask, ms", [("ask_with_embedding_p50_ms", "p50"), ("ask_with_embedding_p99_ms", "p99")], "ask"),
        (
            "a search, p50, ms",
            [
                ("search_with_embedding_p50_ms", "all"),
                ("half_by_date_with_embedding_p50_ms", "half"),
                ("fifth_by_source_with_embedding_p50_ms", "a fifth"),
            ],
            "ask",
        ),
        ("on disk, bytes a passage", [("all", "whole"), ("chroma", "Chroma alone")], "disk"),
        ("built but embedding, passages/s", [("rate", "build")], "build"),
    ]
    figure, places = pyplot.subplots(1, len(drawn), figsize=(4 * len(drawn), 3.2), layout="constrained")
    for place, (title, lines, step) in zip(places, drawn, strict=True):
        for name, label in lines:
            place.plot(counts, [figures[count][step][name] for count in counts], marker="o", label=label)
        place.set(title=title, xscale="log", xlabel="passages", ylim=(0, None))
        place.legend()
    figure.savefig(path, dpi=80)


def _said(value: float | None, unit: float) -> str:
    if value is None:
        return "—"
    value *= unit
    return f"{value:.3f}" if value < 2 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"
