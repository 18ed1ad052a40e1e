"""A passage as a message: whole, its quote set off where it stands now, and never other words in its place."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ask import Asker
from bot.buttons import QuoteId, check
from bot.catalogues import load_catalogues
from bot.message import Rendered
from bot.model import Question
from bot.reading import Reading, find, locate, read
from bot.render_passage import render_passage
from bot.wording import ago
from index import Article, Passage
from tests.bot.test_render import addresses, assert_fits_discord, assert_harmless, days, endless, shown
from tests.e2e.conftest import QUESTION

CATALOGUES = load_catalogues()
PROMPTS = CATALOGUES.default
TODAY = date(2026, 3, 1)
ARTICLE = Article(
    "a", "Vote", "One *star*.\n\nThe quote. More.", "https://news.example/a", date(2025, 2, 1), "Harbour Post"
)
QUOTE = (13, 23)


def passages(*ends: int, text: str = ARTICLE.text) -> list[Passage]:
    starts = [0, *ends]
    return [
        Passage(f"{number:040x}", "a", start, end)
        for number, (start, end) in enumerate(zip(starts, [*ends, len(text)], strict=True))
    ]


def show(reading: Reading) -> Rendered:
    return render_passage(reading, PROMPTS, today=TODAY)


@settings(deadline=None, max_examples=150)
@given(endless, endless, endless, endless, addresses, days, st.integers(0, 40), st.integers(0, 40))
def test_any_passage_fits_discord_and_is_harmless(
    before: str, quote: str, after: str, title: str, url: str | None, published: date | None, left: int, right: int
) -> None:
    text = before + quote + after
    start, end = len(before), len(before) + len(quote)
    article = Article("a", title, text, url, published, title)
    around = [
        Passage("ab", "a", max(0, start - left * 100), min(len(text), end + right * 100)),
        Passage("cd", "a", 0, 1),
    ]

    for place in (0, 1):
        message = render_passage(Reading(article, around, place, (start, end), moved=True), PROMPTS, today=TODAY)

        assert_fits_discord(message)
        assert_harmless(message.title)
        assert_harmless(message.description.replace("-# ", ""))


def test_a_passage_is_shown_whole_with_its_quote_in_bold_and_its_origin() -> None:
    message = show(Reading(ARTICLE, passages(), 0, QUOTE))

    assert "Vote" == message.title
    assert "One \\*star\\*.\n\n**The quote.** More." == message.description
    assert "https://news.example/a#:~:text=The%20quote.,-More." == message.url
    assert "Harbour Post, 1 Feb 2025, 13 months ago" == message.footer
    assert [("Read the whole article", message.url)] == [(b.label, b.url) for b in message.buttons]


def test_a_passage_leads_to_those_around_it_and_keeps_its_buttons_in_their_places() -> None:
    whole = passages(11, 23)
    first, middle, last = (show(Reading(ARTICLE, whole, place, QUOTE)) for place in range(3))
    quote = QuoteId(whole[1].id, *QUOTE, check("The quote."))

    assert ["Previous passage", "Next passage", "Read the whole article"] == [b.label for b in middle.buttons]
    assert [b.label for b in first.buttons] == [b.label for b in middle.buttons] == [b.label for b in last.buttons]
    assert [True, False] == [b.disabled for b in first.buttons[:2]]
    assert [False, True] == [b.disabled for b in last.buttons[:2]]
    assert quote.walk == first.buttons[1].custom_id == last.buttons[0].custom_id
    assert "Harbour Post, 1 Feb 2025, 13 months ago · passage 2 of 3" == middle.footer
    assert "One \\*star\\*." == first.description and "More." == last.description, "the quote is in neither"


def test_an_article_of_one_passage_leads_to_no_other() -> None:
    assert [""] == [button.custom_id for button in show(Reading(ARTICLE, passages(), 0, QUOTE)).buttons]


def test_words_that_are_not_those_quoted_are_never_put_in_bold() -> None:
    message = show(Reading(ARTICLE, passages(), 0, None))

    assert "**" not in message.description
    assert PROMPTS.text("passage.changed") in message.description


@given(endless, st.text(min_size=1, max_size=30), endless, st.integers(0, 10**9 - 1), st.integers(0, 3000))
def test_whatever_a_button_names_only_words_of_its_check_are_found(
    before: str, quote: str, after: str, start: int, length: int
) -> None:
    text = before + quote + after
    passage = Passage("ab", "a", len(before), len(before) + len(quote))
    article = Article("a", "", text)
    there = QuoteId("ab", len(before), len(before) + len(quote), check(quote))
    elsewhere = QuoteId("ab", start, start + length, check(quote))

    assert (there.start, there.end) == locate(there, article, passage)
    found = locate(elsewhere, article, passage)
    assert found is None or check(text[slice(*found)]) == check(quote)


@pytest.mark.parametrize("put_in_front", ["", "A correction was made. ", "x" * 900])
def test_a_quote_is_found_again_in_a_passage_that_has_moved(put_in_front: str) -> None:
    wanted = QuoteId("ab", *QUOTE, check("The quote."))
    changed = put_in_front + ARTICLE.text
    moved = Passage("ab", "a", len(put_in_front), len(changed))

    assert (13 + len(put_in_front), 23 + len(put_in_front)) == locate(wanted, Article("a", "", changed), moved)
    assert locate(wanted, Article("a", "", changed.replace("quote", "quota")), moved) is None


def test_a_passage_and_its_quote_are_read_from_the_index(seed_asker: Asker) -> None:
    cited = seed_asker.ask(Question(QUESTION)).citations[0]
    wanted = QuoteId(cited.passage_id, cited.start, cited.end, check(cited.quote))
    reading = seed_asker.look(lambda index: read(wanted, index))

    assert reading and (cited.start, cited.end) == reading.quote and not reading.moved
    assert cited.passage_id == reading.passage.id
    assert f"**{cited.quote}**" in shown(show(reading).description)
    assert seed_asker.look(lambda index: read(QuoteId("0" * 32, 0, 1, ""), index)) is None


def test_a_quote_whose_passage_is_gone_is_shown_where_its_article_holds_it_now(seed_asker: Asker) -> None:
    cited = seed_asker.ask(Question(QUESTION)).citations[0]

    def look(article: str, quote: str) -> Reading | None:
        return seed_asker.look(lambda index: find(article, quote, 0, index))

    found = look(cited.article_id, cited.quote)

    assert found and found.moved and (cited.start, cited.end) == found.quote
    assert found.passage.start <= cited.start < found.passage.end
    assert PROMPTS.text("reading.moved") in show(found).description
    assert look(cited.article_id, "These words stand nowhere.") is None
    assert look("no such article", cited.quote) is None
    assert look(cited.article_id, "") is None


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 3, 2), ""),
        (date(2026, 3, 1), "today"),
        (date(2026, 2, 28), "yesterday"),
        (date(2026, 2, 26), "3 days ago"),
        (date(2026, 2, 16), "13 days ago"),
        (date(2026, 2, 15), "2 weeks ago"),
        (date(2026, 1, 2), "8 weeks ago"),
        (date(2026, 1, 1), "2 months ago"),
        (date(2025, 3, 2), "11 months ago"),
        (date(2025, 3, 1), "a year ago"),
        (date(2025, 2, 1), "13 months ago"),
        (date(2024, 3, 1), "2 years ago"),
        (date(1, 1, 1), "2,025 years ago"),
    ],
)
def test_an_age_is_told_as_people_say_it(day: date, said: str) -> None:
    assert said == ago(day, TODAY, PROMPTS)


@pytest.mark.parametrize(
    ("language", "said"),
    [("de", "vor 3 Tagen"), ("es", "hace 3 días"), ("fr", "il y a 3 jours"), ("ja", "3 日前"), ("en", "3 days ago")],
)
def test_an_age_is_told_in_the_askers_language(language: str, said: str) -> None:
    assert said == ago(date(2026, 2, 26), TODAY, CATALOGUES.for_locale(language))
