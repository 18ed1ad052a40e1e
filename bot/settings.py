"""The bot's configuration: the index's, and tables for what it says, Discord, the demo and generated answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from bot.links import SHORTEST_KEY
from bot.model import Strictness
from bot.sections import HealthSection, LogSection, TracesSection
from bot.server_sections import LimitsSection, ServerSection
from index.config import Config
from index.timetable import ScheduleSection


class BotSection(BaseModel):
    """The `[bot]` table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: str = Field(
        "auto", pattern="^(auto|[a-z]{2,3})$", description="The only language to speak, such as de; auto: everybody's."
    )
    strictness: Strictness = Field(
        Strictness.BALANCED, description="How sure it must be to say that it has an answer: strict, balanced or eager."
    )


def _address(*schemes: str) -> Callable[[str], str]:
    """Return a check that an address, if there is one, has one of these schemes and no password in it."""

    def check(url: str) -> str:
        parts = urlsplit(url)
        if url and (parts.scheme not in schemes or not parts.hostname):
            raise ValueError(f"it must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")
        if "@" in parts.netloc:
            # It would be shown with the rest of the configuration.
            raise ValueError("a password does not belong into it")
        if parts.query or parts.fragment:
            raise ValueError("nothing may follow its path")
        return url

    return check


class DiscordSection(BaseModel):
    """The `[discord]` table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    token: SecretStr = Field(SecretStr(""), description="The bot's token; better set as DISCORD_TOKEN.")
    guild: int | None = Field(None, gt=0, description="A server to register commands in at once, while developing.")
    queue: int = Field(256, ge=1, le=10_000, description="How many questions may wait at once.")
    message_content: bool = Field(
        False, description="Read messages that are not addressed to the bot; its Message Content Intent must be on."
    )
    api: Annotated[str, AfterValidator(_address("https", "http"))] = Field(
        "", description="The REST API of a server compatible with Discord, which gets the token; empty: Discord's own."
    )
    gateway: Annotated[str, AfterValidator(_address("wss", "ws"))] = Field(
        "", description="Where that server's gateway is; empty: the API is asked for it."
    )


class LedgerSection(BaseModel):
    """The `[ledger]` table."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: SecretStr = Field(
        SecretStr(""),
        description="The database for what is asked: sqlite:///… or postgresql://…; empty for a file in the home.",
    )
    retention_days: int = Field(
        90, ge=0, le=36_500, description="After how many days what was asked is deleted; 0 to keep it."
    )
    hash_members: bool = Field(False, description="Store keyed hashes in the place of Discord user ids.")


class DemoSection(BaseModel):
    """The `[demo]` table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    port: int = Field(8765, ge=0, le=65535, description="Where the browser finds the demo; 0 takes any free port.")


class PagesSection(BaseModel):
    """The `[pages]` table: articles as pages that the bot serves itself, off by default."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    enabled: bool = Field(False, description="Serve articles as pages, and link to those that have no address.")
    host: str = Field("127.0.0.1", min_length=1, description="The address to listen on.")
    port: int = Field(8080, ge=0, le=65535, description="The port to listen on; 0 takes any free port.")
    url: Annotated[str, AfterValidator(_address("https", "http"))] = Field(
        "", description="What links begin with, as readers reach it; empty: http://, host and port."
    )
    links: Literal["signed", "public"] = Field(
        "signed", description="Who may read: whoever has a link from the bot (signed), or everybody (public)."
    )
    secret: SecretStr = Field(
        SecretStr(""), description="Signs the links, 16 characters or more; empty: a key that is kept in the home."
    )
    days: int | None = Field(
        None, ge=1, le=36_500, description="How long a signed link is good for; for ever if unset."
    )
    always: bool = Field(False, description="Link to the pages also where an article has an address of its own.")

    @field_validator("secret")
    @classmethod
    def _long_enough(cls, secret: SecretStr) -> SecretStr:
        if 0 < len(secret.get_secret_value()) < SHORTEST_KEY:
            raise ValueError(f"it must have {SHORTEST_KEY} characters or more")
        return secret


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    if url and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ValueError("it must begin with http:// or https://")
    if "@" in parts.netloc:
        # It would be shown with the rest of the configuration.
        raise ValueError("a password does not belong into it; set api_key")
    return url


class GenerateSection(BaseModel):
    """The `[generate]` table: a language model that words answers, off unless it is named."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    model: str = Field("", description="Its provider and name, such as openai:gpt-4o-mini; empty for none.")
    base_url: Annotated[str, AfterValidator(_web_address)] = Field(
        "", description="Where it is served, if not at its provider's own address."
    )
    api_key: SecretStr = Field(SecretStr(""), description="Its key; better set as FOOTNOTE_GENERATE__API_KEY.")
    timeout: float = Field(30.0, gt=0, le=600, description="Seconds until the extractive answer is given instead.")
    rewrite_timeout: float = Field(
        5.0, ge=0, le=60, description="Seconds to put a follow-up so that it stands alone; 0 leaves it to rules."
    )
    temperature: float | None = Field(None, ge=0, le=2, description="How freely it writes; the model's own if not set.")
    max_tokens: int = Field(600, ge=16, le=8192, description="Length of a reply, at most.")
    passages: int = Field(6, ge=1, le=10, description="How many passages it is given.")
    price_read: float = Field(0.0, ge=0, allow_inf_nan=False, description="Price of a million tokens of a prompt.")
    price_written: float = Field(0.0, ge=0, allow_inf_nan=False, description="Price of a million tokens of a reply.")
    tokens_a_day: int | None = Field(1_000_000, ge=0, description="Tokens a day for everybody together.")
    money_a_day: float | None = Field(
        None, ge=0, description="Money a day for everybody together, in the prices' currency."
    )
    server_tokens_a_day: int | None = Field(500_000, ge=0, description="Tokens a day for each Discord server.")
    server_money_a_day: float | None = Field(None, ge=0, description="Money a day for each Discord server.")
    member_tokens_a_day: int | None = Field(100_000, ge=0, description="Tokens a day for each person.")
    member_money_a_day: float | None = Field(None, ge=0, description="Money a day for each person.")

    @model_validator(mode="after")
    def _priced(self) -> Self:
        limited = [self.money_a_day, self.server_money_a_day, self.member_money_a_day]
        if any(limit is not None for limit in limited) and not (self.price_read or self.price_written):
            raise ValueError("money cannot be counted without price_read and price_written")
        return self


class Settings(Config):
    """Everything that can be configured."""

    model_config = SettingsConfigDict(extra="forbid")

    bot: BotSection = BotSection()
    discord: DiscordSection = DiscordSection()
    server: ServerSection = ServerSection()
    limits: LimitsSection = LimitsSection()
    schedule: ScheduleSection = ScheduleSection()
    demo: DemoSection = DemoSection()
    ledger: LedgerSection = LedgerSection()
    log: LogSection = LogSection()
    health: HealthSection = HealthSection()
    traces: TracesSection = TracesSection()
    generate: GenerateSection = GenerateSection()
    pages: PagesSection = PagesSection()
