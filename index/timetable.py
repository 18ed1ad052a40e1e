"""When the index is rebuilt by itself: the `[schedule]` table, and the next time it names."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

_UNITS = {"s": 1, "min": 60, "m": 60, "h": 3_600, "d": 86_400}
_LENGTH = re.compile(r"(\d{1,6})\s*(s|min|m|h|d)")
_SHORTEST = 60  # seconds between two rebuilds


@dataclass(frozen=True, slots=True)
class Timetable:
    """Either every so often, or at the times of a cron expression.

    Attributes:
        every: Seconds from the beginning of one rebuild to that of the next; 0 if `cron` says when.
        cron: Five fields: minute, hour, day of month, month, day of week.
        timezone: That the expression is meant in; empty for the machine's own.
        jitter: Up to so many seconds later, by chance, so that not all the world asks a site at the full hour.
    """

    every: float = 0.0
    cron: str = ""
    timezone: str = ""
    jitter: float = 0.0

    def due(self, now: datetime, last: datetime | None) -> datetime:
        """Return when the next rebuild is due; in the past if one was missed, of several the first alone.

        A clock that jumps does no harm: a last rebuild that lies in the future counts as one of now.

        Args:
            now: With its timezone.
            last: When the last one began; None if that is not known.
        """
        if last is not None and last > now:
            last = now
        if self.every:
            due = last + timedelta(seconds=self.every) if last is not None else now
        else:
            due = self._after(last if last is not None else now)
        # The same at each look, and on each machine another.
        return due + timedelta(seconds=random.Random(f"{due} {_salt}").uniform(0, self.jitter))  # noqa: S311

    def _after(self, moment: datetime) -> datetime:
        from cronsim import CronSim

        # Without a zone the machine's own clock is meant, whose hours astimezone() knows for any day.
        local = (
            moment.astimezone(ZoneInfo(self.timezone)) if self.timezone else moment.astimezone().replace(tzinfo=None)
        )
        return next(CronSim(self.cron, local)).astimezone(UTC)


_salt = random.random()  # noqa: S311  # spreads load, guards nothing


class ScheduleSection(BaseModel):
    """The `[schedule]` table: the bot, or `footnote index schedule`, rebuilds the index by itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    every: str = Field("", description="How often the index is rebuilt: 30min, 6h, 1d; not at all if empty.")
    cron: str = Field("", description='Or when, as cron has it: "0 4 * * *" for four in the morning.')
    timezone: str = Field("", description="Where that hour is meant, such as Europe/Berlin; empty: the machine's own.")
    jitter: str = Field("0s", description="Up to so much later, by chance.")
    quiet: float = Field(2.0, ge=0.1, le=3600, description="Seconds without a change until a watched folder is read.")

    @field_validator("every")
    @classmethod
    def _often(cls, every: str) -> str:
        if every and _seconds(every) < _SHORTEST:
            raise ValueError(f"it must be {_SHORTEST} s or more")
        return every

    @field_validator("jitter")
    @classmethod
    def _length(cls, jitter: str) -> str:
        _seconds(jitter)
        return jitter

    @field_validator("timezone")
    @classmethod
    def _known(cls, timezone: str) -> str:
        try:
            if timezone:
                ZoneInfo(timezone)
        except Exception:
            raise ValueError("there is no such time zone") from None
        return timezone

    @field_validator("cron")
    @classmethod
    def _readable(cls, cron: str) -> str:
        from cronsim import CronSim, CronSimError

        if cron:
            try:
                fields = len(cron.split())
                next(CronSim(cron, datetime(2026, 1, 1)))
            except (CronSimError, StopIteration) as error:
                raise ValueError(f"it is no time of cron ({error or 'it never comes'})") from None
            if fields != 5:  # noqa: PLR2004
                raise ValueError("it must have five fields: minute, hour, day of month, month, day of week")
        return cron

    @model_validator(mode="after")
    def _either(self) -> ScheduleSection:
        if self.every and self.cron:
            raise ValueError("set either every or cron")
        return self

    def timetable(self) -> Timetable | None:
        """Return when to rebuild, or None if that is not configured."""
        if not (self.every or self.cron):
            return None
        every = _seconds(self.every) if self.every else 0.0
        return Timetable(every, self.cron, self.timezone, _seconds(self.jitter))


def _seconds(length: str) -> float:
    found = _LENGTH.fullmatch(length.strip())
    if not found:
        raise ValueError("it is a number with its unit: 90s, 30min, 6h, 1d")
    return float(int(found[1]) * _UNITS[found[2]])
