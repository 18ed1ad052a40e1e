"""A run as JSON: what programs read, and what a later run is compared with."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from bot.evaluation.compare import Comparison
from bot.evaluation.curves import reliability, risk_coverage
from bot.evaluation.evaluated import Evaluated, Shortfall
from bot.evaluation.model import Gold, Outcome, Quoted, Retrieved, Run
from bot.evaluation.observe import loss
from bot.evaluation.resample import LEVEL
from bot.model import Status

FORMAT = "footnote-evaluation-1"


class NotARun(Exception):
    """A file that is not a saved run; the message says what is wrong with it."""


def run_to_json(evaluated: Evaluated, shortfalls: Sequence[Shortfall] = ()) -> dict[str, Any]:
    """Return an evaluated run as plain values."""
    run = evaluated.run
    found = {
        "format": FORMAT,
        "made_at": run.made_at,
        "version": run.version,
        "generation": run.generation,
        "model": run.model,
        "articles": run.articles,
        "passages": run.passages,
        "questions": len(run.outcomes) + len(run.unanswered),
        "answerable": sum(outcome.gold.answerable for outcome in run.outcomes),
        "unanswered_ids": len(run.unanswered),
        "notes": list(run.notes),
        "skipped": [asdict(line) for line in run.skipped],
        "unanswered": [asdict(one) for one in run.unanswered],
        "figures": evaluated.overall,
        "intervals": {name: evaluated.intervals[name] for name in evaluated.overall},
        "level": LEVEL,
        "seed": evaluated.seed,
        "groups": {
            group: {
                "questions": count,
                "figures": (figures := evaluated.of_group(group)),
                "intervals": {name: evaluated.intervals[f"{name}:{group}"] for name in figures},
            }
            for group, count in Counter(outcome.gold.group for outcome in run.outcomes).items()
        },
        "losses": dict(Counter(where.value for where in map(loss, run.outcomes) if where)),
        "calibration": [asdict(one) for one in reliability(run.outcomes)],
        "risk_coverage": [asdict(point) for point in risk_coverage(run.outcomes)],
        "failed": [asdict(shortfall) for shortfall in shortfalls],
    }
    if run.wording:
        found["generated"] = {**asdict(run.wording), "claims": run.wording.claims, "kept_share": run.wording.kept_share}
    if evaluated.beside:
        found["beside_extract"] = _comparison(evaluated.beside)
    if evaluated.comparison:
        found["compared"] = _comparison(evaluated.comparison)
    return {**found, "outcomes": [_outcome(outcome) for outcome in run.outcomes]}


def read_run(file: Path) -> Run:
    """Read what `run_to_json` gave, as far as a comparison needs it.

    Raises:
        NotARun: It cannot be read.
    """
    try:
        found = json.loads(file.read_bytes())
    except OSError as error:
        raise NotARun(f"{file} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise NotARun(f"{file} is not JSON: {error}.") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise NotARun(f"{file} is not a run that footnote eval --save has written.")
    try:
        return Run(
            made_at=str(found["made_at"]),
            version=str(found["version"]),
            generation=str(found["generation"]),
            model=str(found["model"]),
            articles=int(found["articles"]),
            passages=int(found["passages"]),
            outcomes=tuple(map(_read_outcome, found["outcomes"])),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise NotARun(f"{file} is damaged: {type(error).__name__} {error}.") from error


def _outcome(outcome: Outcome) -> dict[str, Any]:
    gold, where = outcome.gold, loss(outcome)
    return {
        "id": gold.id,
        "question": gold.question,
        "asked_at": gold.asked_at.isoformat() if gold.asked_at else None,
        "answers": list(gold.answers),
        "answerable": gold.answerable,
        "group": gold.group,
        "evidence": list(gold.evidence),
        "draft": gold.draft,
        "status": outcome.status.value,
        "confidence": outcome.confidence,
        "lost": where.value if where else None,
        "text": outcome.text,
        "quotes": [asdict(quote) for quote in outcome.quotes],
        "passages": [
            {"article_id": p.article_id, "start": p.start, "end": p.end, "holds": p.holds} for p in outcome.retrieved
        ],
        "milliseconds": outcome.milliseconds,
    }


def _read_outcome(record: Mapping[str, Any]) -> Outcome:
    return Outcome(
        gold=Gold(
            id=str(record["id"]),
            question=str(record["question"]),
            asked_at=date.fromisoformat(record["asked_at"]) if record["asked_at"] else None,
            answers=tuple(map(str, record["answers"])),
            answerable=bool(record["answerable"]),
            group=str(record["group"]),
            evidence=tuple(map(str, record["evidence"])),
            draft=bool(record["draft"]),
        ),
        status=Status(record["status"]),
        confidence=float(record["confidence"]),
        text=str(record["text"]),
        quotes=tuple(
            Quoted(str(q["article_id"]), str(q["quote"]), int(q["start"]), int(q["end"]), bool(q["verbatim"]))
            for q in record["quotes"]
        ),
        retrieved=tuple(
            Retrieved(str(p["article_id"]), int(p["start"]), int(p["end"]), bool(p["holds"]))
            for p in record["passages"]
        ),
        milliseconds=float(record["milliseconds"]),
    )


def _comparison(comparison: Comparison) -> dict[str, Any]:
    return {
        "before": {"made_at": comparison.made_at, "generation": comparison.generation},
        "shared": comparison.shared,
        "left_out": comparison.left_out,
        "changes": {
            change.name: {**{k: v for k, v in asdict(change).items() if k != "name"}, "significant": change.significant}
            for change in comparison.changes
        },
        "won": [after.gold.id for _, after in comparison.won],
        "lost": [after.gold.id for _, after in comparison.lost],
    }
