"""What the index holds, for a person and for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from bot.markup import clean
from bot.wording import language_name
from index import GenerationStatus
from index.model import WORD_OVERLAP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from bot.calibration import Calibration
    from bot.settings import Settings
    from index.source_states import SourceState

_MOST_SOURCES = 20

_WHY = " (the model gives no token vectors)"


def calibration_of(settings: Settings, status: GenerationStatus) -> Calibration | str | None:
    """Return the calibration that is in force, what is wrong with the one that is there, or None for the default."""
    from bot.calibration import NotACalibration, fingerprint, read_calibration

    reranker = settings.rerank.model
    wanted = fingerprint(settings.index.settings(), status.summary, reranker)
    try:
        return read_calibration(settings.home, wanted)
    except NotACalibration as error:
        return str(error)


def status_json(
    status: GenerationStatus,
    calibration: Calibration | str | None = None,
    configured: Sequence[SourceState] = (),
) -> dict[str, Any]:
    """Return a status as plain values; for the arguments see `show_status`."""
    summary = status.summary
    return {
        "generation": summary.generation,
        "built_at": summary.built_at,
        "age_seconds": round(status.age_seconds),
        "articles": summary.articles,
        "passages": summary.passages,
        "undated": summary.undated,
        "oldest": summary.oldest.isoformat() if summary.oldest else None,
        "newest": summary.newest.isoformat() if summary.newest else None,
        "model": summary.model,
        "reader": summary.reader,
        "confidence": _confidence_json(calibration),
        "languages": summary.languages,
        "sources": summary.sources,
        "configured_sources": [asdict(source) for source in configured],
        "bytes_on_disk": status.bytes_on_disk,
        "path": str(status.path),
        "older": list(status.older),
    }


def _confidence_json(calibration: Calibration | str | None) -> dict[str, Any]:
    if calibration is None or isinstance(calibration, str):
        return {"calibrated": False, **({"ignored": calibration} if calibration else {})}
    return {
        "calibrated": True,
        "made_at": calibration.made_at,
        "generation": calibration.generation,
        "articles": calibration.articles,
        "questions": calibration.questions,
        "scale": calibration.scale,
        "shift": calibration.shift,
    }


def show_status(
    console: Console,
    status: GenerationStatus,
    calibration: Calibration | str | None = None,
    configured: Sequence[SourceState] = (),
) -> None:
    """Print a status, a line for each thing it tells.

    Args:
        console: Where to.
        status: Of the index.
        calibration: See `calibration_of`.
        configured: How each configured source fared.
    """
    from rich.text import Text

    summary = status.summary
    span = f"{summary.oldest} to {summary.newest}" if summary.oldest else "none has a date"
    undated = f", {summary.undated} without a date" if summary.undated and summary.oldest else ""
    rows = [
        ("Generation", f"{summary.generation}, built {ago(status.age_seconds)} ago"),
        ("Articles", f"{summary.articles:,} ({span}{undated})"),
        ("Passages", f"{summary.passages:,}"),
        ("Model", clean(summary.model)),
        ("Languages", ", ".join(f"{language_name(code)} {count:,}" for code, count in summary.languages.items())),
        ("Reader", clean(summary.reader) + (_WHY if summary.reader == WORD_OVERLAP else "")),
        ("Confidence", _confidence(calibration)),
        ("On disk", f"{size_text(sum(status.bytes_on_disk.values()))} in {clean(str(status.path))}"),
        ("Kept beside it", ", ".join(status.older) or "none"),
    ]
    sources = list(summary.sources.items())
    heads = ["Publishers", *[""] * len(sources)]
    rows += [
        (head, f"{count:>6,}  {clean(name)}")
        for head, (name, count) in zip(heads, sources[:_MOST_SOURCES], strict=False)
    ]
    if len(sources) > _MOST_SOURCES:
        rows.append(("", f"… and {len(sources) - _MOST_SOURCES} more"))
    heads = ["Sources", *[""] * len(configured)]
    rows += [(head, source_line(source)) for head, source in zip(heads, configured, strict=False)]
    for name, value in rows:
        console.print(Text.assemble((f"{name:16}", "bold"), value), soft_wrap=True)


def _confidence(calibration: Calibration | str | None) -> str:
    if calibration is None:
        return "the default"
    if isinstance(calibration, str):
        return f"the default. {clean(calibration)}"
    asked = f"{calibration.questions:,} questions on {calibration.articles:,} articles"
    return f"calibrated on {calibration.made_at[:10]} with {asked}"


def ago(seconds: float) -> str:
    """Return a length of time in its largest whole unit."""
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            count = int(seconds // length)
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return f"{int(seconds)} s"


def size_text(count: float) -> str:
    """Return a number of bytes in a unit that suits it."""
    for unit, length in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= length:
            return f"{count / length:.1f} {unit}"
    return f"{count:.0f} B"


def source_line(source: SourceState) -> str:
    """Return what there is to say of a configured source."""
    articles = f"{source.articles:,} article{'s' if source.articles != 1 else ''}"
    said = f"{clean(source.name)} ({clean(source.kind)}): {articles}"
    if source.in_trouble:
        return f"{said}; {source.state.upper()} since {_when(source.since)}. {clean(source.failure or '')}"
    return f"{said}, read {_when(source.read_at)}" if source.read_at else f"{said}, not read yet"


def _when(moment: str | None) -> str:
    return f"{moment[:16].replace('T', ' ')} UTC" if moment else "an unknown time"
