"""What is said at which confidence, and that it is a probability that grows with the match."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ask import Asker, read_question
from bot.confidence import Strictness, confidence, status, thresholds
from bot.model import Question, Status
from bot.reader import Scored
from index import Article, Hit, IndexSettings, Passage, Sentence

share = st.floats(0, 1)
ORDER = [Status.NOTHING, Status.RELATED, Status.ANSWERED]


def found(similarity: float = 0.8, cosine: float = 0.6, names: float = 1.0, **days: float) -> tuple[Hit, Scored]:
    article = Article("a", "Title", "The bridge opened in 1912.")
    sentence = Sentence("p", 0, len(article.text), {"similarity": similarity, "names": names})
    passage = Passage("p", "a", 0, len(article.text))
    hit = Hit(passage, article, 1.0, 0, len(article.text), (sentence,), features={"cosine": cosine, **days})
    return hit, Scored(1.0, hit, 0)


def sure(question: str, quote: str = "The bridge opened in 1912.", **signals: float) -> float:
    hit, best = found(**signals)
    return confidence(Question(question), [hit], best, [quote])


@given(share, share, share, share)
def test_it_is_a_probability_and_a_better_match_is_never_less_sure(
    low: float, high: float, cosine: float, names: float
) -> None:
    low, high = sorted((low, high))

    assert 0 < sure("When?", similarity=low, cosine=cosine, names=names) < 1
    assert sure("When?", similarity=low, cosine=cosine) <= sure("When?", similarity=high, cosine=cosine)


def test_a_number_that_no_quote_has_makes_less_sure() -> None:
    assert sure("What opened in 1913?") < sure("What opened in 1912?")


@pytest.mark.parametrize("question", ["What did not open?", "What never opened?", "What hasn't opened?"])
def test_what_is_not_so_cannot_be_matched(question: str) -> None:
    assert sure(question) < sure("What opened?")


def test_days_count_the_less_the_more_articles_are_of_them() -> None:
    at = [sure("Who won?", fresh=1.0, telling=telling) for telling in (0.0, 0.5, 1.0)]
    off = [sure("Who won?", fresh=0.0, telling=telling) for telling in (0.0, 0.5, 1.0)]

    assert sorted(at) == at
    assert sorted(off, reverse=True) == off
    assert sure("Who won?") == at[0] == off[0]


@given(share)
def test_who_is_stricter_never_says_more(probability: float) -> None:
    said = [ORDER.index(status(probability, thresholds(strictness))) for strictness in Strictness]

    assert [Strictness.STRICT, Strictness.BALANCED, Strictness.EAGER] == list(Strictness)
    assert sorted(said) == said


def test_an_asker_keeps_to_its_strictness(seed_home: Path, seed_asker: Asker) -> None:
    # A year later, so that it is not sure and strictness tells.
    question = read_question("How many people died in the Tollen flood?", asked_at=date(2026, 9, 24))
    embedder = seed_asker.look(lambda index: index.embedder)
    strict = Asker(seed_home, IndexSettings(), strictness=Strictness.STRICT, embedder=embedder)
    eager = Asker(seed_home, IndexSettings(), strictness=Strictness.EAGER, embedder=embedder)

    assert (Status.RELATED, Status.ANSWERED) == (strict.ask(question).status, eager.ask(question).status)
    strict.close()
    eager.close()


def test_a_number_within_another_one_is_not_that_number() -> None:
    assert sure("What opened in 19?") < sure("What opened in 1912?")
