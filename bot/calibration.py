"""What `footnote calibrate` found out of one corpus: how its confidence is to be read. A file in the home.

Confidence is a straight line away from what the default says, in log odds. The file holds for the model, the settings
and the weights that it was made with, and for no others: whatever else it is found beside, it is left alone.
"""

from __future__ import annotations

import hashlib
import json
import logging
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot import confidence, reader
from index.model import Summary
from index.settings import IndexSettings

logger = logging.getLogger(__name__)

FILE = "calibration.json"
FORMAT = "footnote-calibration-1"

# The line that a file may hold: log odds grow, at most so many times as fast, and are moved by so many at most.
STEEPEST = 3.0
FARTHEST = 12.0

# Characters; ours has some hundred.
_LONGEST = 10_000

# Nothing is surer than this, in log odds: a probability of 0 or 1 has none.
_SUREST = 12.0


class NotACalibration(Exception):
    """A file that cannot be used; the message says what is wrong with it and what to do."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """How the confidence of one index is to be read.

    Attributes:
        fingerprint: Of what it holds for; see `fingerprint`.
        generation: The id of the index that it was fitted on.
        made_at: UTC, ISO 8601, to the second.
        articles: In that index.
        questions: That it was fitted on.
        scale: What log odds are multiplied by.
        shift: What is then added.
    """

    fingerprint: str
    generation: str
    made_at: str
    articles: int
    questions: int
    scale: float
    shift: float

    def read(self, probability: float) -> float:
        """Return what a confidence of the default's means here."""
        return probability_of(self.scale * log_odds(probability) + self.shift)

    def unread(self, probability: float) -> float:
        """Return the confidence of the default's that means this one here."""
        return probability_of((log_odds(probability) - self.shift) / self.scale)


def log_odds(probability: float) -> float:
    """Return a probability as log odds, those of 0 and 1 cut off."""
    if not 0 < probability < 1:
        return _SUREST if probability >= 1 else -_SUREST
    return max(-_SUREST, min(_SUREST, math.log(probability / (1 - probability))))


def probability_of(odds: float) -> float:
    """Return log odds as a probability."""
    return 1 / (1 + math.exp(-max(-_SUREST, min(_SUREST, odds))))


def fingerprint(settings: IndexSettings, summary: Summary, reranker: str = "") -> str:
    """Return a hash that differs where the same confidence means another thing.

    Args:
        settings: Of the index.
        summary: Of the index.
        reranker: The name of its model, if there is one.
    """
    weighed = (confidence.INTERCEPT, confidence.WEIGHTS, reader.WEIGHTS)
    parts = [settings.fingerprint(), summary.weights, reranker, repr(weighed)]
    return hashlib.blake2b("\n".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()


def write_calibration(home: Path, calibration: Calibration) -> Path:
    """Put a calibration in force; the one before goes on until the new one is complete.

    Raises:
        OSError: It cannot be written.
    """
    file = home / FILE
    aside = home / f".{FILE}.part"
    aside.write_text(json.dumps({"format": FORMAT, **asdict(calibration)}, indent=1) + "\n", encoding="utf-8")
    aside.replace(file)
    return file


def has_calibration(home: Path) -> bool:
    """Tell whether a home has a file of this name, be it of use or not."""
    return (home / FILE).exists()


def remove_calibration(home: Path) -> bool:
    """Have the default in force again; return whether it was not.

    Raises:
        OSError: The file cannot be removed.
    """
    try:
        (home / FILE).unlink()
    except FileNotFoundError:
        return False
    return True


def read_calibration(home: Path, wanted: str) -> Calibration | None:
    """Return the calibration of a home, None if there is no file.

    Args:
        home: Where the file lies.
        wanted: The fingerprint that it must have.

    Raises:
        NotACalibration: It is broken, or of another model, other settings or another version.
    """
    file = home / FILE
    try:
        with file.open("rb") as opened:
            found = _checked(json.loads(opened.read(_LONGEST)))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise NotACalibration(f"{file} cannot be read: {error.strerror}. {_REMEDY}") from None
    except (ValueError, RecursionError) as error:
        raise NotACalibration(f"{file} is not what footnote calibrate has written ({error}). {_REMEDY}") from None
    if found.fingerprint != wanted:
        raise NotACalibration(
            f"{file} was made with another model, other settings or another version of Footnote. {_REMEDY}"
        )
    return found


_REMEDY = "The default is used. Make it anew: footnote calibrate, or remove it: footnote calibrate --reset"

_FIELDS: dict[str, type | tuple[type, ...]] = {
    "fingerprint": str,
    "generation": str,
    "made_at": str,
    "articles": int,
    "questions": int,
    "scale": (int, float),
    "shift": (int, float),
}


def _checked(record: Any) -> Calibration:
    """Return what a file holds.

    Raises:
        ValueError: It holds something else.
    """
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise ValueError(f"its format is not {FORMAT}")
    values: dict[str, Any] = {}
    for name, kind in _FIELDS.items():
        value = record.get(name)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise ValueError(f"{name} is missing or of the wrong kind")
        values[name] = value
    if not 0 < values["scale"] <= STEEPEST or not abs(values["shift"]) <= FARTHEST:
        raise ValueError("scale or shift is out of bounds")
    return Calibration(**values)


class Calibrations:
    """The calibration that is in force in a home, read anew whenever its file or the index has changed."""

    def __init__(self, home: Path, settings: IndexSettings, reranker: str = "") -> None:
        """Take note of what it must fit; nothing is read yet."""
        self._home = home
        self._settings = settings
        self._reranker = reranker
        self._seen: tuple[object, ...] = ()
        self._found: Calibration | None = None

    def read(self, probability: float, summary: Summary) -> float:
        """Return what a confidence of the default's means for this index."""
        try:
            told = (self._home / FILE).stat()
            seen = (summary.generation, told.st_mtime_ns, told.st_size, told.st_ino)
        except OSError:
            return probability
        if seen != self._seen:
            self._seen, self._found = seen, self._read(summary)
        return self._found.read(probability) if self._found else probability

    def _read(self, summary: Summary) -> Calibration | None:
        try:
            return read_calibration(self._home, fingerprint(self._settings, summary, self._reranker))
        except NotACalibration as error:
            logger.warning("%s", error)  # once, not with each question
            return None
