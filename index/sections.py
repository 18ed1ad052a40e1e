"""The tables of `footnote.toml` that concern the index."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_settings import NoDecode

from index.rerank import DEFAULT_TOP, Reranker
from index.settings import IndexSettings

_DEFAULTS = IndexSettings()


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

    def settings(self) -> IndexSettings:
        """Return what the index is built with."""
        return IndexSettings(**self.model_dump(exclude={"sources"}))


class RerankSection(BaseModel):
    """The `[rerank]` table: a second model that looks at the best passages once more. It may change at any time."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str = Field("", description="Cross-encoder that reranks: a hub's name or a folder; none if empty.")
    top: int = Field(DEFAULT_TOP, ge=1, le=100, description="How many of the best passages it reranks.")

    def reranker(self) -> Reranker | None:
        """Return what reranks, if anything is to; its model is loaded when it is first used."""
        return Reranker(self.model, self.top) if self.model else None
