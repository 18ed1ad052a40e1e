"""How a build tells that it gets on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Progress(Protocol):
    """Told how a build gets on. Stages in order: read, split, embed, write, validate."""

    def begin(self, stage: str, total: int | None) -> None:
        """A stage begins; `total` steps will follow, if that is known."""

    def reading(self, sources: Sequence[str]) -> None:
        """These sources are being read, in the stage of that name."""

    def advance(self, steps: int = 1) -> None:
        """So many steps are done."""

    def end(self) -> None:
        """The stage is over."""


class Silent:
    """For whoever does not want to know."""

    def begin(self, stage: str, total: int | None) -> None:
        """Say nothing."""

    def reading(self, sources: Sequence[str]) -> None:
        """Say nothing."""

    def advance(self, steps: int = 1) -> None:
        """Say nothing."""

    def end(self) -> None:
        """Say nothing."""
