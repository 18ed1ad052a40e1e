"""What the doctor finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How a thing is."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        level: How it is.
        about: What it is, in a word or two.
        told: What was seen; never a secret.
        remedy: What to do about it; empty where nothing need be done.
    """

    level: Level
    about: str
    told: str
    remedy: str = ""


def ok(about: str, told: str) -> Finding:
    """Return that a thing is as it should be."""
    return Finding(Level.OK, about, told)


def warning(about: str, told: str, remedy: str) -> Finding:
    """Return that the bot can run, though not at its best or not for long."""
    return Finding(Level.WARNING, about, told, remedy)


def problem(about: str, told: str, remedy: str) -> Finding:
    """Return that the bot cannot run, or cannot do what it is configured to."""
    return Finding(Level.PROBLEM, about, told, remedy)
