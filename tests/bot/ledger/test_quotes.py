"""What was quoted of an article is found by it, and blanked when it is gone."""

from __future__ import annotations

from dataclasses import replace

from bot.ledger import Ledger
from tests.bot.ledger.records import CHANNEL, CITED, GUILD, TURN, ask_with, cells

ODD = "a\0b \ud800 c"


def test_asks_are_found_by_the_article_they_were_answered_from_and_by_its_address(ledger: Ledger) -> None:
    of_harbour, of_odd = ask_with(), ask_with(citations=(replace(CITED, article_id=ODD, url=None),))
    for ask in (of_harbour, of_odd, ask_with(citations=())):
        ledger.asks.record(ask)

    assert [of_harbour] == ledger.quotes.of_article("harbour-1") == ledger.quotes.of_address("https://example.org/1")
    assert [of_odd.id] == [ask.id for ask in ledger.quotes.of_article(ODD)]
    assert [] == ledger.quotes.of_article("harbour") == ledger.quotes.of_address("")
    assert {of_harbour.id, of_odd.id} == {ask.id for ask in ledger.quotes.everything()}


def test_what_is_on_record_of_articles_that_are_gone_is_blanked_and_nothing_else_is(ledger: Ledger, url: str) -> None:
    quoted = (CITED, replace(CITED, n=2, article_id=ODD, quote="It stays."))
    ask = ask_with(citations=quoted)
    ledger.asks.record(ask)
    ledger.turns.remember(str(CHANNEL), (TURN, replace(TURN, articles=((ODD, "Odd"),))), guild=GUILD)

    assert 0 == ledger.quotes.blank_gone({"harbour-1", ODD})
    assert "Found it." in cells(url) and "Ada Lovelace" in str(cells(url))

    assert 1 == ledger.quotes.blank_gone({ODD})
    kept = ledger.asks.get(ask.id)
    assert kept and ("", "It stays.") == tuple(cited.quote for cited in kept.citations)
    assert ask.question == kept.question and CITED.title == kept.citations[0].title
    gone, stays = ledger.turns.recall(str(CHANNEL))
    assert ((), (), TURN.question) == (gone.articles, gone.answered, gone.question)
    assert stays.articles and stays.answered

    assert 0 == ledger.quotes.blank_gone({ODD})
    assert [kept.id] == [one.id for one in ledger.quotes.everything()]


def test_the_words_quoted_of_an_article_are_found_each_once_and_blank_ones_are_not(ledger: Ledger) -> None:
    for quote in ("Found it.", "Found it.", ""):
        ledger.asks.record(ask_with(citations=(replace(CITED, quote=quote),)))

    assert ["Found it."] == ledger.quotes.words("harbour-1")
    assert [] == ledger.quotes.words("another")
