"""The bot's configuration: the index's, and tables for what the bot says, for Discord and for the demo."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from index.config import Config


class BotSection(BaseModel):
    """The `[bot]` table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: str = Field(
        "auto", pattern="^(auto|[a-z]{2,3})$", description="The only language to speak, such as de; auto: everybody's."
    )


class DiscordSection(BaseModel):
    """The `[discord]` table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    token: SecretStr = Field(SecretStr(""), description="The bot's token; better set as DISCORD_TOKEN.")
    guild: int | None = Field(None, gt=0, description="A server to register commands in at once, while developing.")
    queue: int = Field(64, ge=1, le=10_000, description="How many questions may wait at once.")


class DemoSection(BaseModel):
    """The `[demo]` table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    port: int = Field(8765, ge=0, le=65535, description="Where the browser finds the demo; 0 takes any free port.")


class Settings(Config):
    """Everything that can be configured."""

    model_config = SettingsConfigDict(extra="forbid")

    bot: BotSection = BotSection()
    discord: DiscordSection = DiscordSection()
    demo: DemoSection = DemoSection()
