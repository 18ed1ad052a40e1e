"""The tables of `footnote.toml` that concern the index."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr
from pydantic_settings import NoDecode

from index.fetch.addresses import Allowance
from index.fetch.model import FetchSettings, identity
from index.generations import Retention
from index.rerank import DEFAULT_TOP, Reranker
from index.settings import IndexSettings

_DEFAULTS = IndexSettings()
_FETCH = FetchSettings()


def expanded(path: Path) -> Path:
    """Return a path with ~ replaced; one of a user who is not there stays as it is."""
    try:
        return path.expanduser()
    except RuntimeError:
        return path


ExpandedPath = Annotated[Path, AfterValidator(expanded)]


class IndexSection(BaseModel):
    """The `[index]` table: where articles come from and how they are indexed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sources: Annotated[list[ExpandedPath], NoDecode] = Field(
        [], description="Files and folders of articles; the sample articles if there are none."
    )
    model: str = Field(
        _DEFAULTS.model, min_length=1, description="Embedding model: a package's, a hub's name, or a folder."
    )
    query_prompt: str = Field(
        _DEFAULTS.query_prompt, description="Put in front of questions, where the model wants it."
    )
    passage_prompt: str = Field(_DEFAULTS.passage_prompt, description="Put in front of passages, likewise.")
    passage_tokens: int = Field(_DEFAULTS.passage_tokens, ge=16, le=8192, description="Length of a passage, at most.")
    language: str = Field(_DEFAULTS.language, pattern="^[a-z]{2,3}$", description="The articles' language, such as en.")
    keep: int = Field(2, ge=1, le=1000, description="How many generations are kept, the one that serves included.")
    keep_days: int = Field(0, ge=0, description="Others are removed when they are older than this many days; 0: never.")
    keep_deleted_days: int = Field(
        0, ge=0, description="For how many days generations are kept that hold an article which has been deleted since."
    )

    backend: Literal["torch", "onnx", "openvino"] = Field(
        "torch", description="What computes the model; `footnote bench` tells which is the fastest here."
    )

    def settings(self) -> IndexSettings:
        """Return what the index is built with."""
        return IndexSettings(**self.model_dump(include={field.name for field in fields(IndexSettings)}))

    def retention(self, keep: int | None = None, days: int | None = None) -> Retention:
        """Return which generations are kept: as configured, if not given."""
        return Retention(
            self.keep if keep is None else keep, self.keep_days if days is None else days, self.keep_deleted_days
        )


class RerankSection(BaseModel):
    """The `[rerank]` table: a second model that looks at the best passages once more. It may change at any time."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str = Field("", description="Cross-encoder that reranks: a hub's name or a folder; none if empty.")
    top: int = Field(DEFAULT_TOP, ge=1, le=100, description="How many of the best passages it reranks.")

    def reranker(self) -> Reranker | None:
        """Return what reranks, if anything is to; its model is loaded when it is first used."""
        return Reranker(self.model, self.top) if self.model else None


def _comma_separated(value: object) -> object:
    """Return the parts of a variable; what stands in a file is a list already."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _hosts(entries: list[str]) -> list[str]:
    Allowance.of(entries)
    return entries


def _proxy(url: SecretStr) -> SecretStr:
    parts = urlsplit(url.get_secret_value())
    if url.get_secret_value() and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ValueError("it must begin with http:// or https://")
    return url


class FetchSection(BaseModel):
    """The `[fetch]` table: how sources on the web are fetched, and what of the operator's own network they may be."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    allow_hosts: Annotated[list[str], NoDecode, BeforeValidator(_comma_separated), AfterValidator(_hosts)] = Field(
        [], description="What is fetched although it is not public: names, *.name, addresses, networks; :port for one."
    )
    contact: str = Field(
        "", max_length=200, pattern=r"^[\x21-\x27\x2a-\x7e]*$",
        description="Where a site's owner learns who fetches: an address of the web or of mail, told to every site.",
    )  # fmt: skip
    user_agent: str = Field(
        "", max_length=300, pattern=r"^([\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?)?$",
        description="What requests say they are from; empty: Footnote, its version and the contact.",
    )  # fmt: skip
    timeout: float = Field(_FETCH.timeout, gt=0, le=600, description="Seconds that an answer may take.")
    largest: int = Field(_FETCH.largest, ge=1_000, le=1_000_000_000, description="The most bytes of an answer.")
    per_host_seconds: float = Field(
        _FETCH.per_host_seconds, ge=0, le=600, description="Seconds between two requests to a host; 0 for no pause."
    )
    parallel: int = Field(_FETCH.parallel, ge=1, le=64, description="How many requests there may be at once.")
    retries: int = Field(_FETCH.retries, ge=0, le=10, description="How often what failed for the moment is repeated.")
    redirects: int = Field(_FETCH.redirects, ge=0, le=20, description="How many redirects in a row are followed.")
    robots: bool = Field(_FETCH.robots, description="Fetch only what a site's robots.txt allows.")

    proxy: Annotated[SecretStr, AfterValidator(_proxy)] = Field(
        SecretStr(""), description="A proxy that everything goes through, as http://proxy.example:3128; empty for none."
    )

    def settings(self) -> FetchSettings:
        """Return how to fetch."""
        given = self.model_dump(exclude={"allow_hosts", "contact", "user_agent", "proxy"})
        return FetchSettings(
            user_agent=self.user_agent or identity(self.contact), allow_hosts=tuple(self.allow_hosts),
            proxy=self.proxy.get_secret_value(), **given,
        )  # fmt: skip
