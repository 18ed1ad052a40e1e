"""What was asked and answered in each conversation, so that follow-ups are understood: bounded, and in memory only."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

from bot.conversation import MOST_TURNS, Turn

# Conversations kept: a few kilobytes each. The one that nobody went on with for longest is forgotten first.
MOST = 2_000
# Seconds of silence after which a message in the same place begins a new conversation.
LAPSE = 1_800.0


class Memory:
    """The turns of conversations, by whatever names them: a message, a thread, a member in a channel."""

    def __init__(self, most: int = MOST, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._known: OrderedDict[Hashable, tuple[float, tuple[Turn, ...]]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def recall(self, key: Hashable, *, within: float | None = None) -> tuple[Turn, ...]:
        """Return the turns of a conversation, the last one last; none if it is not known.

        Args:
            key: What names it.
            within: Seconds that may have passed since it was last gone on with; any time if None.
        """
        if key not in self._known:
            return ()
        at, turns = self._known[key]
        if within is not None and self._clock() - at > within:
            return ()
        self._known.move_to_end(key)
        return turns

    def forget(self, key: Hashable) -> None:
        """Forget a conversation."""
        self._known.pop(key, None)

    def remember(self, key: Hashable, turns: tuple[Turn, ...]) -> None:
        """Keep the last turns of a conversation."""
        self._known[key] = (self._clock(), turns[-MOST_TURNS:])
        self._known.move_to_end(key)
        while len(self._known) > self._most:
            self._known.popitem(last=False)
