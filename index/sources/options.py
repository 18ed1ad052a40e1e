"""What every kind of source can be told in `[[sources]]`; a kind's own options are a model on top of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

from index.sections import expanded


class SourceOptions(BaseModel):
    """Options that every kind has."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    publisher: str | None = Field(
        None,
        min_length=1,
        max_length=200,
        description="The publisher of all its articles, whatever they say.",
    )
    limit: int | None = Field(None, ge=1, description="How many articles are read at a visit, at most.")
    shrink: float = Field(
        0.2, ge=0, le=1, description="The share of its articles that a visit must give to be believed; 0 believes all."
    )
    max_minutes: float | None = Field(
        60.0, gt=0, le=7 * 24 * 60, description="How long a visit may take; 60 if not given."
    )


class LocalOptions(SourceOptions):
    """Options of a source that waits for no stranger: a visit takes as long as there is something to read."""

    max_minutes: float | None = Field(
        None, gt=0, le=7 * 24 * 60, description="How long a visit may take; as long as it does if not given."
    )


def _of_folder(path: Path, info: ValidationInfo) -> Path:
    folder = (info.context or {}).get("folder")
    return folder / expanded(path) if folder else expanded(path)


SourcePath = Annotated[Path, AfterValidator(_of_folder)]
"""A path in a source's options: relative to the file it stands in."""


def _web_address(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        raise ValueError("it is no web address") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise ValueError("it must begin with http:// or https://")
    if "@" in parts.netloc:
        # It would be shown with the rest of the configuration.
        raise ValueError("a user or password does not belong into it")
    return url


WebAddress = Annotated[str, AfterValidator(_web_address)]
"""An http or https address without a password in it."""


def _several(value: object) -> object:
    return [value] if isinstance(value, str | Path) else value


Several = BeforeValidator(_several)
"""For a list that may also be a single value."""
