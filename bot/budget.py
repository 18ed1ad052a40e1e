"""What a language model may cost a day: tokens and money, for everybody together, for a server and for a member.

What is about to be spent is set aside first, so that questions asked at once cannot overdraw together; when the bill is
known, the difference is given back. Days are those of UTC. The book is a small file, shared by every process of a home.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

_MILLION = 1_000_000
# Seconds to wait for another process that writes the book.
_PATIENCE = 5.0

EVERYBODY, SERVER, MEMBER = "everybody", "server", "member"


class OverBudget(Exception):
    """The day's budget would be overdrawn; the message says whose, and of what."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be spent a day; None is no limit."""

    tokens: int | None = None
    money: float | None = None


@dataclass(frozen=True, slots=True)
class Prices:
    """Money for a million tokens, in whatever currency the limits are in."""

    read: float = 0.0
    written: float = 0.0

    def of(self, read: int, written: int) -> float:
        """Return what so many tokens cost."""
        return (read * self.read + written * self.written) / _MILLION


@dataclass(frozen=True, slots=True)
class Reserved:
    """What has been set aside for one call."""

    day: str
    accounts: tuple[str, ...]
    tokens: int
    money: float


class Budget:
    """The day's book."""

    def __init__(
        self,
        limits: Mapping[str, Limits],
        prices: Prices,
        file: Path | None = None,
        today: Callable[[], date] = lambda: datetime.now(UTC).date(),
    ) -> None:
        """Open the book.

        Args:
            limits: For `EVERYBODY`, `SERVER` (each of them) and `MEMBER` (each of them).
            prices: What tokens cost.
            file: Where the book is kept; in memory only if None.
            today: The day it is.
        """
        self._limits = limits
        self._prices = prices
        self._file = file
        self._today = today
        self._book: dict[str, Any] = {}

    def reserve(
        self, read: int, written: int, server: str = "", member: str = "", server_tokens: int | None = None
    ) -> Reserved:
        """Set aside what a call may cost at most.

        Args:
            read: Tokens of the prompt.
            written: Tokens of the longest reply.
            server: Where it is asked, if on a server.
            member: Who asks, if that is known.
            server_tokens: What the server may spend a day, if it has set less than all servers may.

        Raises:
            OverBudget: It does not fit into what is left of the day's budget.
        """
        names = {EVERYBODY: EVERYBODY, SERVER: server, MEMBER: member}
        accounts = {kind: _account(kind, name) for kind, name in names.items() if name}
        asked = Reserved(
            self._today().isoformat(), tuple(accounts.values()), read + written, self._prices.of(read, written)
        )

        def book(spent: dict[str, list[float]]) -> None:
            for kind, account in accounts.items():
                limits = self._limits.get(kind, Limits())
                tokens, money = spent.get(account, (0, 0.0))
                most = [limits.tokens, server_tokens if kind == SERVER else None]
                if any(limit is not None and tokens + asked.tokens > limit for limit in most):
                    raise OverBudget(f"The tokens of the day are used up ({kind}).")
                if limits.money is not None and money + asked.money > limits.money:
                    raise OverBudget(f"The money of the day is used up ({kind}).")
            _add(spent, asked, asked.tokens, asked.money)

        self._update(asked.day, book)
        return asked

    def settle(self, reserved: Reserved, read: int, written: int) -> None:
        """Replace what was set aside by what was spent."""
        tokens, money = read + written - reserved.tokens, self._prices.of(read, written) - reserved.money
        self._update(reserved.day, lambda spent: _add(spent, reserved, tokens, money))

    def spent(self, server: str = "", member: str = "") -> tuple[int, float]:
        """Return today's tokens and money: a member's, a server's, or everybody's if neither is named."""
        account = _account(MEMBER, member) if member else _account(SERVER, server) if server else EVERYBODY
        found: list[tuple[float, float]] = []
        self._update(
            self._today().isoformat(),
            lambda spent: found.append((spent.get(account, [0])[0], spent.get(account, [0, 0.0])[1])),
        )
        return int(found[0][0]), found[0][1]

    def _update(self, day: str, change: Callable[[dict[str, list[float]]], None]) -> None:
        """Apply a change to the book of a day; one of a day that is over concerns nobody any more."""
        if self._file is None:
            self._apply(day, change)
            return
        from filelock import FileLock, Timeout

        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(f"{self._file}.lock", timeout=_PATIENCE):
                self._book = self._read() or self._book
                self._apply(day, change)
                aside = self._file.with_suffix(f".{os.getpid()}")
                aside.write_text(json.dumps(self._book), "utf-8")
                aside.replace(self._file)
        except (OSError, Timeout) as error:
            log.warning("The budget's book %s cannot be kept, so it is kept in memory: %s", self._file, error)
            self._apply(day, change)

    def _apply(self, day: str, change: Callable[[dict[str, list[float]]], None]) -> None:
        if self._book.get("day", "") < day:
            self._book = {"day": day, "spent": {}}
        if self._book["day"] == day:
            change(self._book["spent"])

    def _read(self) -> dict[str, Any] | None:
        try:
            book = json.loads((self._file or Path()).read_text("utf-8"))
            spent = {str(name): [int(tokens), float(money)] for name, (tokens, money) in book["spent"].items()}
            return {"day": date.fromisoformat(book["day"]).isoformat(), "spent": spent}
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            log.warning("The budget's book %s cannot be read and is begun anew: %s", self._file, error)
            return None


def _account(kind: str, name: str) -> str:
    """Return the name of an account in the book; who has asked does not stand in it."""
    return kind if kind == EVERYBODY else f"{kind}:{hashlib.blake2b(name.encode(), digest_size=8).hexdigest()}"


def _add(spent: dict[str, list[float]], whose: Reserved, tokens: int, money: float) -> None:
    for account in whose.accounts:
        before = spent.get(account, [0, 0.0])
        spent[account] = [max(0, before[0] + tokens), max(0.0, before[1] + money)]
