"""The settings of all servers: kept in the ledger, and in memory for as long as a change may take to be seen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from bot.ledger import AsyncLedger
from bot.ledger.threaded import ANSWER_PATIENCE, PATIENCE
from bot.policy import SETTINGS, Policy

if TYPE_CHECKING:
    from bot.ledger import Ledger

# Seconds after which a server's settings are read again: they can be changed on the command line, too.
FRESH = 10.0

# Stands for the whole server where a channel's id would stand.
_Values = Mapping[int | None, Mapping[str, object]]


class Policies:
    """What is in force on each server and in each channel."""

    def __init__(self, ledger: AsyncLedger, default: Policy, clock: Callable[[], float]) -> None:
        """Know nothing yet.

        Args:
            ledger: Holds what servers have set.
            default: What is in force where nothing has been set.
            clock: Seconds.
        """
        self.default = default
        self._ledger = ledger
        self._clock = clock
        self._known: dict[int, tuple[float, _Values]] = {}
        self._reading = asyncio.Lock()

    async def open(self) -> None:
        """Read what all servers have set, so that each is spoken to in its language from the first word on."""
        read = await self._ledger.attempt(lambda ledger: ledger.settings.everything(), None, patience=PATIENCE)
        for guild, values in (read or {}).items():
            self._known[guild] = (float("-inf"), values)

    async def of(self, guild: int | None, channel: int | None = None, parent: int | None = None) -> Policy:
        """Return what is in force in a channel of a server, or in a thread of `parent`.

        While the ledger cannot be read, it is what was last known.
        """
        if guild is None:
            return self.default
        await self._read(guild)
        return self.known(guild, channel, parent)

    def known(self, guild: int | None, channel: int | None = None, parent: int | None = None) -> Policy:
        """Return what is in force as far as it has been read already."""
        if guild is None or guild not in self._known:
            return self.default
        values = self._known[guild][1]
        # Each once: the server's, that of the channel a thread is in, and the channel's or the thread's own.
        layers = [values.get(None, {}), *(values.get(place, {}) for place in (parent, channel) if place is not None)]
        return self.default.under(*layers)

    async def values(self, guild: int, channel: int | None = None) -> Mapping[str, object]:
        """Return what a server, or one of its channels, has itself set.

        Raises:
            LedgerFailure: The ledger cannot be read.
        """
        return await self._ledger.run(lambda ledger: ledger.settings.of(guild, channel))

    async def set(self, guild: int, channel: int | None, key: str, value: object | None) -> None:
        """Set something for a server, or for one of its channels; None falls back on what is in force without.

        Raises:
            KeyError: There is no such setting.
            ValueError: The value is none for it, or no channel can set it.
            LedgerFailure: It could not be kept.
        """
        if value is not None:
            SETTINGS[key].field(value)
            if channel is not None and not SETTINGS[key].by_channel:
                raise ValueError("it can be set for a whole server only")

        def change(ledger: Ledger) -> _Values:
            ledger.settings.set(guild, channel, key, value)
            return ledger.settings.all(guild)

        self._known[guild] = (self._clock(), await self._ledger.run(change))

    async def _read(self, guild: int) -> None:
        if self._is_fresh(guild):
            return
        async with self._reading:
            if self._is_fresh(guild):  # somebody else has read them meanwhile
                return
            # For want of its settings a server would be answered where or whom it does not want to be.
            patience = ANSWER_PATIENCE if guild in self._known else PATIENCE
            read = await self._ledger.attempt(lambda ledger: ledger.settings.all(guild), None, patience=patience)
            values = read if read is not None else self._known.get(guild, (0.0, {}))[1]
            self._known[guild] = (self._clock(), values)

    def _is_fresh(self, guild: int) -> bool:
        return guild in self._known and self._clock() - self._known[guild][0] < FRESH
