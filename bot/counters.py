"""What happened how often since the start, for logs and whoever watches."""

from __future__ import annotations

from collections import Counter
from threading import Lock


class Counters:
    """Named counts that only grow; safe to share between threads."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._lock = Lock()

    def add(self, name: str, amount: int = 1) -> None:
        """Count something, such as "generate.claims.kept"."""
        with self._lock:
            self._counts[name] += amount

    def snapshot(self) -> dict[str, int]:
        """Return every count by its name."""
        with self._lock:
            return dict(self._counts)
