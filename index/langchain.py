"""Footnote's retrieval as a LangChain retriever, for whoever wants it in a chain of their own.

    from index.langchain import FootnoteRetriever
    retriever = FootnoteRetriever(home=".footnote", k=5)
    documents = retriever.invoke("Who led the inquiry?")

The score of a hit is in each document's metadata, larger is better; `start` and `end` are its place in the article.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, PrivateAttr

from index.model import Filter, Hit
from index.opening import open_index
from index.rerank import Reranker
from index.retrieve import Index
from index.settings import IndexSettings


class FootnoteRetriever(BaseRetriever):
    """Retrieves passages from the generation that serves in a home.

    `invoke`, `ainvoke` and `batch` may be used from several threads: searches take turns. The same generation is
    used for as long as the retriever lives.

    Attributes:
        home: The folder that holds the generations.
        settings: The ones the index was built with.
        reranker: Looks at the best hits once more, if given.
        k: The most documents to return; `invoke(query, k=…)` overrides it for one call.
        since: Only articles of this day and later.
        until: Only articles of this day and earlier.
        sources: Only articles of these publishers.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    home: Path
    settings: IndexSettings = IndexSettings()
    reranker: Reranker | None = None
    k: int = 10
    since: date | None = None
    until: date | None = None
    sources: tuple[str, ...] = ()

    _index: Index = PrivateAttr()

    def model_post_init(self, context: Any, /) -> None:
        """Open the index.

        Raises:
            IndexFailure: It cannot be opened; the message says what to do.
        """
        super().model_post_init(context)
        self._index = open_index(self.home, self.settings, reranker=self.reranker)

    def close(self) -> None:
        """Let go of the index; the retriever cannot be used any more."""
        self._index.close()

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[Document]:
        where = Filter(since=self.since, until=self.until, sources=self.sources)
        hits = self._index.search(query, self.k if k is None else k, where)
        return [_document(hit) for hit in hits]


def _document(hit: Hit) -> Document:
    article = hit.article
    return Document(
        id=hit.passage.id,
        page_content=hit.text,
        metadata={
            "article_id": article.id,
            "title": article.title,
            "url": article.url,
            "published": article.published.isoformat() if article.published else None,
            "source": article.source,
            "start": hit.start,
            "end": hit.end,
            "score": hit.score,
            **({"page": page} if (page := article.page_of(hit.start)) else {}),
        },
    )
