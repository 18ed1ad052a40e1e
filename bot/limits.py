"""How many questions may be asked in a while: by a member, in a channel, and on a server. Pure, with a clock.

Each has a bucket of tokens, as many as may be asked at once; a question takes one, and they come back evenly over time.
"""

from __future__ import annotations

import math
import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass

_SECONDS = {"s": 1, "min": 60, "h": 3_600, "day": 86_400}

# How a rate is written: 30/min.
RATE = r"(?:[1-9]\d{0,5}/(?:s|min|h|day)|off)"

# Buckets kept. One that is full again says nothing that a new one would not, so little is lost with the oldest.
MOST = 20_000


@dataclass(frozen=True, slots=True)
class Rate:
    """So many questions in so many seconds; all of them may come at once."""

    count: int
    seconds: float

    @classmethod
    def read(cls, text: str) -> Rate | None:
        """Read a rate such as "30/min"; "off" is None, no limit.

        Raises:
            ValueError: It is not written like that.
        """
        if not re.fullmatch(RATE, text):
            raise ValueError("write how many in a second, minute, hour or day, such as 30/min, or off")
        if text == "off":
            return None
        count, unit = text.split("/")
        return cls(int(count), _SECONDS[unit])


@dataclass(frozen=True, slots=True)
class Reached:
    """A limit that is reached.

    Attributes:
        scope: Whose it is.
        seconds: After which another question may be asked; more than 0.
    """

    scope: str
    seconds: int


class Limits:
    """The buckets of everybody who asked lately."""

    def __init__(self, rates: Mapping[str, Rate | None], clock: Callable[[], float], most: int = MOST) -> None:
        """Begin with full buckets.

        Args:
            rates: By scope, such as "member"; None is no limit.
            clock: Tells the time in seconds; it never goes back.
            most: How many buckets are kept.
        """
        self._rates = {scope: rate for scope, rate in rates.items() if rate is not None}
        self._clock = clock
        self._most = most
        # By scope and name, how many tokens there were when; the one used last stands last.
        self._buckets: OrderedDict[tuple[str, Hashable], tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, whose: Mapping[str, Hashable]) -> Reached | None:
        """Take a token from each of these buckets; if one of them has none, take none at all and say so.

        Args:
            whose: By scope, whose bucket it is. Scopes without a rate do not count.

        Returns:
            The limit that is reached for longest, or None if the question may be asked.
        """
        now = self._clock()
        left = {(scope, name): self._left(scope, name, now) for scope, name in whose.items() if scope in self._rates}
        reached = [
            Reached(scope, max(1, math.ceil((1 - tokens) * self._rates[scope].seconds / self._rates[scope].count)))
            for (scope, _), tokens in left.items()
            if tokens < 1
        ]
        if reached:
            return max(reached, key=lambda one: one.seconds)
        for bucket, tokens in left.items():
            self._buckets[bucket] = (tokens - 1, now)
            self._buckets.move_to_end(bucket)
        while len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return None

    def _left(self, scope: str, name: Hashable, now: float) -> float:
        rate = self._rates[scope]
        tokens, at = self._buckets.get((scope, name), (float(rate.count), now))
        # A clock that goes back all the same takes nothing away.
        return min(rate.count, tokens + max(0.0, now - at) * rate.count / rate.seconds)
