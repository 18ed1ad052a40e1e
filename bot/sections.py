"""Tables of the configuration for whoever runs the bot: its log, its health and its traces."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class LogSection(BaseModel):
    """The `[log]` table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal["text", "json"] = Field("text", description="A line of text, or an object of JSON, for each event.")
    level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="What is less important is left out: debug, info, warning or error."
    )


class HealthSection(BaseModel):
    """The `[health]` table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field("127.0.0.1", min_length=1, description="The address that /healthz, /readyz and /metrics are at.")
    port: int | None = Field(None, ge=0, le=65535, description="Their port; 0 takes any free one; none if not set.")


def _collector(url: str) -> str:
    parts = urlsplit(url)
    if url and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ValueError("it must begin with http:// or https://")
    if "@" in parts.netloc:
        # It would be shown with the rest of the configuration.
        raise ValueError("a password does not belong into it; set OTEL_EXPORTER_OTLP_HEADERS")
    return url


class TracesSection(BaseModel):
    """The `[traces]` table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    endpoint: Annotated[str, AfterValidator(_collector)] = Field(
        "", description="The OTLP collector that traces are sent to, as http://127.0.0.1:4318; empty for none."
    )
