"""Articles that contradict each other are both quoted, the later first; those that do not are left alone."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.citations import cite
from bot.disagree import both_sides, weigh
from bot.extract import QUOTES, WORDS
from bot.model import Citation, Question, Side
from index import Article, Hit, Passage
from index.model import Sentence

FIRST, LATER = date(2026, 5, 4), date(2026, 5, 6)
TITLE = "Fire at the Harrow mill"


def hit(text: str, published: date | None = FIRST, title: str = TITLE, name: str = "") -> Hit:
    article = Article(name or text, title, text, None, published, "Coastwire")
    passage = Passage(f"p-{article.id}", article.id, 0, len(text))
    sentences = [
        Sentence(passage.id, found.start(), found.end(), {"similarity": 0.8})
        for found in re.finditer(r"\S.*?[.!?](?=\s|$)", text)
    ]
    return Hit(passage, article, 1.0, 0, len(text), tuple(sentences))


def quote(found: Hit, place: int = 0) -> Citation:
    sentence = found.sentences[place]
    return cite(found, sentence, sentence, sentence)


def sides(question: str, first: Hit, other: Hit) -> list[tuple[str, Side | None]]:
    """Return the quotes with their sides, where only the first hit was quoted."""
    return [(c.quote, c.side) for c in weigh(Question(question), [quote(first)], [first, other])]


SEVEN = "Seven workers were injured in the fire at the Harrow mill."


@pytest.mark.parametrize(
    ("question", "old", "new"),
    [
        pytest.param(
            "How many workers were injured in the fire?",
            SEVEN,
            "Nine workers, and not seven, were hurt in the fire at the Harrow mill.",
            id="a number is taken back",
        ),
        pytest.param(
            "What happened at the Harrow mill?",
            SEVEN,
            "Police corrected the number of workers hurt at the Harrow mill to nine, up from seven.",
            id="a number is corrected",
        ),
        pytest.param(
            "How many workers were injured in the Harrow mill fire?",
            SEVEN,
            "Eleven workers were injured in the fire at the Harrow mill.",
            id="two counts",
        ),
        pytest.param(
            "Who owns the Harrow mill?",
            "The Harrow mill has belonged to Osric Venn since the fire of the old mill.",
            "The Harrow mill belongs to Alma Reith, and not Osric Venn, as was wrongly reported after the fire.",
            id="a name is taken back",
        ),
        pytest.param(
            "Will the owners rebuild the mill?",
            "The owners will rebuild the burned Harrow mill beside the old river bridge.",
            "The owners will not rebuild the burned Harrow mill beside the old river bridge.",
            id="a denial",
        ),
    ],
)
def test_a_contradiction_shows_both_sides_and_the_later_first(question: str, old: str, new: str) -> None:
    earlier, later = hit(old), hit(new, LATER)

    expected = [(new, Side.LATER), (old, Side.EARLIER)]
    assert expected == sides(question, earlier, later)
    assert expected == sides(question, later, earlier)


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        pytest.param(
            "How many workers were injured?",
            SEVEN,
            "Three workers died in the fire at the Harrow mill.",
            id="other harm",
        ),
        pytest.param(
            "How many workers were injured in the fire?",
            SEVEN,
            "Eleven workers were injured in the fire at the Selby mill in 2019.",
            id="other fire",
        ),
        pytest.param(
            "How many workers were injured in the fire?",
            SEVEN,
            "Seven workers were injured in the fire at the Harrow mill, police said.",
            id="the same",
        ),
        pytest.param(
            "How many houses burned in the Harrow fire?",
            "Nearly 300 houses burned in the Harrow mill fire.",
            "In the Harrow mill fire 286 houses burned.",
            id="about the same",
        ),
        pytest.param(
            "Who put out the fire?",
            "The fire at the Harrow mill was put out by noon.",
            "Not far from the Harrow mill, the fire was seen by children.",
            id="a not that denies something else",
        ),
        pytest.param(
            "How many workers does the Harrow mill have?",
            "The Harrow mill has 200 workers since the fire.",
            "Of the workers at the Harrow mill, 30 workers are on strike, not at the fire.",
            id="a part",
        ),
    ],
)
def test_what_is_no_contradiction_is_left_as_it_was(question: str, one: str, other: str) -> None:
    assert [(one, None)] == sides(question, hit(one), hit(other, LATER))


def test_a_count_that_was_made_much_later_is_another_count() -> None:
    new = hit("Eleven workers were injured in the fire at the Harrow mill.", FIRST + timedelta(days=400))

    assert [(SEVEN, None)] == sides("How many workers were injured in the fire at the mill?", hit(SEVEN), new)


def test_a_copy_does_not_contradict() -> None:
    copy = hit(f"{SEVEN} Nine workers, and not seven, were hurt in the fire at the Harrow mill.", LATER, name="copy")

    assert [(SEVEN, None)] == sides("How many workers were injured in the fire?", hit(SEVEN), copy)


@pytest.mark.parametrize("days", [(FIRST, FIRST), (None, LATER), (None, None)])
def test_without_an_order_of_days_nothing_is_called_earlier(days: tuple[date | None, date | None]) -> None:
    new = "Nine workers, and not seven, were hurt in the fire at the Harrow mill."

    assert [(SEVEN, Side.ONE), (new, Side.ONE)] == sides(
        "How many workers were injured in the fire?", hit(SEVEN, days[0]), hit(new, days[1])
    )


def test_a_question_that_names_the_account_it_wants_gets_that_one_first() -> None:
    new = "Nine workers, and not seven, were hurt in the fire at the Harrow mill."
    question = "How many workers were first said to be injured in the fire?"

    assert [(SEVEN, Side.EARLIER), (new, Side.LATER)] == sides(question, hit(SEVEN), hit(new, LATER))


def test_a_quote_that_leans_on_the_sentence_before_brings_it_along() -> None:
    old = hit("In the fire at the Harrow mill 312 workers were injured.")
    new = hit(
        "The list of injured workers is shorter. It stands at 286, down from 312.", LATER, f"{TITLE}: a correction"
    )

    shown = weigh(Question("How many workers were injured in the mill fire?"), [quote(old)], [old, new])

    assert new.article.text == shown[0].quote


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, QUOTES - 1))
def test_the_limits_of_an_answer_hold(long: int, longer: int, place: int) -> None:
    old = hit(SEVEN[:-1] + " again" * long + ".")
    new = hit("Nine workers, and not seven, were hurt in the fire at the Harrow mill" + " again" * longer + ".", LATER)
    others = [hit(f"Sentence {n} about the weather{' there' * 20}.", name=str(n)) for n in range(QUOTES - 1)]
    chosen = [quote(other) for other in others]
    chosen.insert(place, quote(old))
    chosen = chosen[: QUOTES if sum(len(c.quote.split()) for c in chosen) <= WORDS else 2]

    shown = weigh(Question("How many workers were injured in the fire?"), chosen, [old, new, *others])

    assert len(shown) <= QUOTES
    if sum(len(c.quote.split()) for c in chosen) <= WORDS:
        assert sum(len(c.quote.split()) for c in shown) <= WORDS
    marked = [citation for citation in shown if citation.side]
    assert len(marked) in {0, 2}
    assert len({c.quote for c in shown}) == len(shown)
    if not marked:
        assert chosen == [replace(citation, side=None) for citation in shown]


NINE = "Nine workers, and not seven, were hurt in the fire at the Harrow mill."
ASKED = Question("How many workers were injured in the fire?")


def test_a_generated_answer_keeps_its_quotes_in_their_order_and_gets_the_side_that_is_missing() -> None:
    old, new = hit(SEVEN), hit(NINE, LATER)
    beside = hit("The mill had stood by the river since 1870.", name="beside")
    extracted = weigh(ASKED, [quote(old)], [old, new])
    found = both_sides(ASKED, extracted, [quote(beside), quote(old)], [beside, old, new])

    assert found
    assert [quote(beside).quote, SEVEN, NINE] == [citation.quote for citation in found]
    assert [None, Side.EARLIER, Side.LATER] == [citation.side for citation in found]


def test_a_generated_answer_without_room_for_both_sides_or_about_neither_is_not_shown() -> None:
    old, new = hit(SEVEN), hit(NINE, LATER)
    others = [hit(f"The mill had stood by the river for {n} years.", name=str(n)) for n in range(20, 20 + QUOTES)]
    extracted = weigh(ASKED, [quote(old)], [old, new])

    assert both_sides(ASKED, extracted, [*map(quote, others[1:]), quote(old)], [old, new, *others]) is None
    assert both_sides(ASKED, extracted, [quote(others[0])], [others[0]]) is None


def test_where_nothing_is_contradicted_a_generated_answer_stays_as_it_is() -> None:
    old = hit(SEVEN)

    assert (quote(old),) == both_sides(ASKED, [quote(old)], [quote(old)], [old])
