"""The retriever keeps what LangChain promises of every retriever."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from langchain_core.retrievers import BaseRetriever
from langchain_tests.integration_tests import RetrieversIntegrationTests

from index.langchain import FootnoteRetriever

QUERY = "How high did the water rise in Tollen?"


class TestStandardPromises(RetrieversIntegrationTests):
    @pytest.fixture(autouse=True)
    def _home(self, seed_home: Path) -> None:
        self.home = seed_home

    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return FootnoteRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"home": self.home}

    @property
    def retriever_query_example(self) -> str:
        return QUERY


async def test_batches_and_async_calls_return_what_single_calls_do(seed_home: Path) -> None:
    retriever = FootnoteRetriever(home=seed_home, k=3)
    queries = [QUERY, "Who won the mayoral election?"]
    expected = [retriever.invoke(query) for query in queries]

    assert expected == retriever.batch(queries)
    assert expected == await retriever.abatch(queries)


def test_documents_say_where_in_which_article_they_stand(seed_home: Path) -> None:
    retriever = FootnoteRetriever(home=seed_home, since=date(2026, 1, 1), sources=("coastwire",))

    documents = retriever.invoke("astrolabe")

    assert documents
    for document in documents:
        article = retriever._index.article(document.metadata["article_id"])
        assert article is not None
        assert article.text[document.metadata["start"] : document.metadata["end"]] == document.page_content
        assert (article.source, document.metadata["published"] >= "2026-01-01") == ("Coastwire", True)
