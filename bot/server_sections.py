"""Tables of the configuration for Discord servers: what holds where none has set anything, how much may be asked."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.limits import RATE, Rate
from bot.model import Strictness
from bot.policy import MOST_IDS, MOST_SOURCES, Policy


class ServerSection(BaseModel):
    """The `[server]` table: what holds on every Discord server that has not set anything else."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    answer_in: list[int] = Field([], max_length=MOST_IDS, description="Channels to answer in; everywhere if empty.")
    auto_answer: list[int] = Field(
        [], max_length=MOST_IDS, description="Channels and forums to answer in without being addressed."
    )
    roles: list[int] = Field([], max_length=MOST_IDS, description="Roles that may ask; everybody if empty.")
    language: str = Field(
        "auto", pattern="^(auto|[a-z]{2,3})$", description="The language to speak; auto: everybody's."
    )
    strictness: Strictness | None = Field(None, description="How sure the bot must be, if not as under [bot].")
    sources: list[str] = Field([], max_length=MOST_SOURCES, description="Publishers that may be quoted; all if empty.")
    generate: bool = Field(True, description="Whether a language model may word answers, if there is one.")
    threads: Literal["follow", "open", "off"] = Field(
        "follow", description="Follow-ups: follow them in place, open a thread for each answer, or off."
    )
    tokens_a_day: int | None = Field(None, ge=0, description="Tokens a day for each server, if less than [generate].")
    rebuild_roles: list[int] = Field([], max_length=MOST_IDS, description="Roles that may rebuild the index.")
    direct: bool = Field(True, description="Whether direct messages are answered.")
    rebuild: bool = Field(False, description="Whether the index can be rebuilt from Discord.")

    def policy(self) -> Policy:
        """Return them as a policy."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        for name in ("answer_in", "auto_answer", "roles", "rebuild_roles"):
            values[name] = frozenset(values[name])
        return Policy(**{**values, "sources": tuple(self.sources)})


class LimitsSection(BaseModel):
    """The `[limits]` table: how many questions may be asked in a while; all of them may come at once."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    member: str = Field("30/min", pattern=f"^{RATE}$", description="For each member: 30/min, 100/h, 200/day or off.")
    channel: str = Field("300/min", pattern=f"^{RATE}$", description="For each channel.")
    server: str = Field("1500/min", pattern=f"^{RATE}$", description="For each server.")

    def rates(self) -> dict[str, Rate | None]:
        """Return them as the desk has them."""
        return {
            "member": Rate.read(self.member),
            "channel": Rate.read(self.channel),
            "guild": Rate.read(self.server),
        }
