"""A question becomes an answer of verified quotes, from one generation, without blocking anybody."""

from __future__ import annotations

import asyncio
import itertools
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.ask import Asker, AsyncAsker, Busy, QuestionRefused, TookTooLong, read_question
from bot.extract import QUOTES, WORDS
from bot.model import Answer, Status
from index import Filter, IndexSettings, build

SEED_QUESTIONS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "e2e" / "seed_questions.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.fixture(scope="module")
def answers(seed_asker: Asker) -> dict[str, Answer]:
    return {line["id"]: seed_asker.ask(read_question(line["question"])) for line in SEED_QUESTIONS}


def test_every_quote_is_a_span_of_the_article_and_passage_it_names(
    seed_asker: Asker, answers: dict[str, Answer]
) -> None:
    for answer in answers.values():
        for citation in answer.citations:
            found = seed_asker.passage(citation.passage_id)
            assert found is not None
            article, passage = found
            assert article.id == citation.article_id
            assert article.text[citation.start : citation.end] == citation.quote
            assert max(citation.start, passage.start) < min(citation.end, passage.end)


def test_an_answer_has_at_most_three_quotes_of_a_hundred_words_and_none_twice(answers: dict[str, Answer]) -> None:
    for answer in answers.values():
        quotes = [citation.quote for citation in answer.citations]
        words = sum(len(quote.split()) for quote in quotes)

        assert len(quotes) == len(set(quotes)) <= QUOTES
        assert words <= WORDS or len(quotes) == 1


def test_no_two_quotes_share_or_touch_a_sentence(answers: dict[str, Answer]) -> None:
    for answer in answers.values():
        spans = sorted((citation.article_id, citation.start, citation.end) for citation in answer.citations)

        assert all(one[0] != other[0] or one[2] < other[1] for one, other in itertools.pairwise(spans))


def test_quotes_begin_and_end_where_sentences_do(answers: dict[str, Answer]) -> None:
    for answer in answers.values():
        edges = {
            edge
            for hit in answer.hits
            for s in hit.sentences
            for edge in ((hit.article.id, s.start), (hit.article.id, s.end))
        }
        for citation in answer.citations:
            assert {(citation.article_id, citation.start), (citation.article_id, citation.end)} <= edges


def test_most_sample_questions_are_shown_their_answer_and_few_of_the_others_are_answered(
    answers: dict[str, Answer],
) -> None:
    shown = [
        any(words in " ".join(c.quote for c in answers[line["id"]].citations) for words in line["answers"])
        for line in SEED_QUESTIONS
        if line["answerable"]
    ]
    false = [answers[line["id"]].status is Status.ANSWERED for line in SEED_QUESTIONS if not line["answerable"]]

    # Measured: 28 of 36 and 3 of 14. A few fewer is a change to look into, not a matter of luck.
    assert sum(shown) >= 26, f"{sum(shown)} of {len(shown)}"
    assert sum(false) <= 4, f"{sum(false)} of {len(false)}"


def test_nothing_means_no_citations_and_says_what_was_searched(seed_asker: Asker) -> None:
    answer = seed_asker.ask(read_question("How do I reverse a list in Python?"))

    assert (Status.NOTHING, ()) == (answer.status, answer.citations)
    assert (20, date(2025, 2, 11), date(2026, 10, 6)) == (
        answer.searched.articles,
        answer.searched.oldest,
        answer.searched.newest,
    )


def test_a_filter_that_leaves_no_article_gives_nothing_and_no_error(seed_asker: Asker) -> None:
    answer = seed_asker.ask(read_question("astrolabe", where=Filter(since=date(2030, 1, 1))))

    assert (Status.NOTHING, 0.0, ()) == (answer.status, answer.confidence, answer.hits)


def test_a_quote_that_leans_on_the_sentence_before_brings_it_along(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text(
        "The regatta was held in June. Harbour master Nella Brandt opened it at noon. "
        "She said the wind would turn before four o'clock. Tea was served."
    )
    build([folder], tmp_path / "home", IndexSettings())
    asker = Asker(tmp_path / "home", IndexSettings())
    answer = asker.ask(read_question("What was said about when the wind would turn?"))
    asker.close()

    first = answer.citations[0].quote
    assert "Nella Brandt" in first
    assert first.index("Nella Brandt") < first.index("She said the wind would turn")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_any_text_is_answered_or_refused_in_a_sentence(seed_asker: Asker, text: str) -> None:
    try:
        question = read_question(text)
    except QuestionRefused as refused:
        assert str(refused).endswith((".", "?"))
    else:
        assert seed_asker.ask(question).status in Status


def test_a_new_generation_answers_the_next_question(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text("The lighthouse was painted white in 1911.")
    home = tmp_path / "home"
    before = build([folder], home, IndexSettings()).generation
    asker = Asker(home, IndexSettings())
    question = read_question("When was the lighthouse painted?")
    assert before == asker.ask(question).generation
    (folder / "a.txt").write_text("The lighthouse was painted red in 1934.")
    after = build([folder], home, IndexSettings()).generation
    answer = asker.ask(question)
    asker.close()

    assert after == answer.generation != before
    assert "1934" in answer.citations[0].quote


def test_a_new_generation_that_cannot_be_opened_leaves_the_old_one_answering(seed_home: Path, tmp_path: Path) -> None:
    import shutil

    home = tmp_path / "home"
    shutil.copytree(seed_home, home)
    asker = Asker(home, IndexSettings())
    before = asker.open().generation
    question = read_question("Where was the astrolabe found?")
    (home / "CURRENT").write_text("not-there\n")
    assert before == asker.ask(question).generation
    broken = home / "generations" / "broken"
    shutil.copytree(home / "generations" / before, broken)
    manifest = (broken / "manifest.json").read_text()
    (broken / "manifest.json").write_text(manifest.replace(before, "broken"))
    for file in (broken / "dense" / "chroma").rglob("*"):
        if file.is_file():
            file.write_bytes(b"broken" * 1000)
    (home / "CURRENT").write_text("broken\n")
    assert before == asker.ask(question).generation
    asker.close()


async def test_asking_does_not_block_the_event_loop(seed_home: Path) -> None:
    asker = AsyncAsker(Asker(seed_home, IndexSettings()))
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    await asker.open()
    ticking = asyncio.create_task(tick())
    await asyncio.gather(*(asker.ask(read_question(f"Who won election {i}?")) for i in range(10)))
    ticking.cancel()
    await asker.close()

    assert ticks > 10


async def test_more_questions_than_may_wait_are_turned_away_and_the_others_answered(seed_home: Path) -> None:
    asker = AsyncAsker(Asker(seed_home, IndexSettings()), queue_limit=3)
    await asker.open()
    question = read_question("Who won the election?")
    results = await asyncio.gather(*(asker.ask(question) for _ in range(5)), return_exceptions=True)
    await asker.close()

    assert [Answer, Answer, Answer, Busy, Busy] == [type(result) for result in results]


async def test_who_waits_too_long_is_told_and_the_place_stays_taken_until_the_work_is_done(
    seed_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.async_asker.PATIENCE", 0.0)
    asker = AsyncAsker(Asker(seed_home, IndexSettings()), queue_limit=1)
    opening = asyncio.create_task(asker.open())
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await asker.ask(read_question("Who won the election?"))
    await opening
    with pytest.raises(TookTooLong):
        await asker.ask(read_question("Who won the election?"))
    await asker.close()
