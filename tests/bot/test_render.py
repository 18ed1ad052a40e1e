"""Messages: within Discord's limits, verbatim, and harmless, whatever the articles hold."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.markup import bare, clean, label, length, plain, plain_lines, web_address
from bot.message import Rendered
from bot.model import Answer, Citation, Question, Status
from bot.prompts import load_prompts
from bot.render import render_answer, render_help
from index import Filter, Summary

PROMPTS = load_prompts()
SUMMARY = Summary("g1", 20, 40, date(2025, 2, 11), date(2026, 10, 6), 0, {"The Harbour Post": 20}, "m", "2026-01-01")

ATTACKS = [
    "@everyone",
    "@here <@1> <@!1> <@&1> <#1> <t:0:R> </ask:1> <:x:1> <a:x:1>",
    "[free money](https://evil.example)",
    "https://evil.example http://evil.example",
    "** __ ~~ || ` ``` \\ \\\\",
    "\n> quoted\n# heading\n- list\n>>> all\n-# small\n1990. numbered\n2005. again\n===",
    "\u202eesrever\u202c \u2066x\u2069 \u200b\u200f\ufeff",
    "👩‍👩‍👧‍👦 \U0001f600" * 20,
    "\x00\x1b[31m\ud800",
    "[1] [2] [99]",
]
hostile = st.lists(st.one_of(st.sampled_from(ATTACKS), st.text(max_size=60)), max_size=6).map("".join)
endless = st.builds(lambda text, times: text * times, hostile, st.sampled_from([1, 1, 3, 10_000 // 60]))
addresses = st.one_of(
    st.none(),
    endless,
    st.builds("https://news.example/{}".format, endless),
    st.sampled_from(["https://news.example/a_(b)?c=d#e", "javascript:alert(1)", "https://bank.example@evil.example"]),
)
days = st.one_of(st.none(), st.dates())


@st.composite
def citations(draw: st.DrawFn, n: int) -> Citation:
    quote = draw(endless)
    start = draw(st.integers(0, 10**9))
    return Citation(
        n=n,
        article_id=draw(st.sampled_from(["a", "b", "c", str(n)])),
        title=draw(endless),
        url=draw(addresses),
        source=draw(st.one_of(st.none(), endless)),
        published=draw(days),
        passage_id=draw(st.one_of(st.sampled_from(["0" * 32, "f" * 32]), endless)),
        quote=quote,
        start=start,
        end=start + len(quote),
    )


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    count = draw(st.sampled_from([0, 1, 2, 3, 3, 12, 100]))
    few = [draw(citations(n)) for n in range(1, min(count, 4) + 1)]
    return Answer(
        question=Question(
            draw(endless),
            filter=Filter(draw(days), draw(days), tuple(draw(st.lists(endless, max_size=3)))),
        ),
        status=draw(st.sampled_from(Status)),
        confidence=draw(st.floats(0, 1)),
        text=draw(endless),
        citations=tuple(replace(few[n % len(few)], n=n + 1, article_id=f"{n % 30}") for n in range(count)),
        hits=(),
        searched=replace(SUMMARY, articles=draw(st.integers(0, 10**12)), oldest=draw(days), newest=draw(days)),
    )


def assert_fits_discord(message: Rendered) -> None:
    assert length(message.title) <= 256
    assert length(message.description) <= 4096
    assert length(message.footer) <= 2048
    assert length(message.title + message.description + message.footer) <= 6000
    assert message.description.strip() or message.footer.strip()
    for part in message.rest:
        assert_fits_discord(part)
    assert len(message.buttons) <= 25
    ids = [button.custom_id for button in message.buttons if button.custom_id]
    assert len(set(ids)) == len(ids)
    assert all(sum(button.row == row for button in message.buttons) <= 5 for row in range(5))
    for button in message.buttons:
        assert 0 < length(button.label) <= 80
        assert bool(button.url) != bool(button.custom_id)
        assert length(button.custom_id) <= 100 and length(button.url) <= 512
        assert 0 <= button.row < 5
    assert message.url is None or (message.url.startswith(("https://", "http://")) and length(message.url) <= 512)


def assert_harmless(markdown: str) -> None:
    # What is written from the right is set apart, and the mark that begins it is followed by the one that ends it.
    markdown = re.sub(r"\u2068([^\n\u2066-\u2069]*)\u2069", r"\1", markdown)
    assert not re.search(r"@(?!\u200b)", markdown)
    assert not re.search(r"(?<!\\)<", markdown)
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f\ufeff\x00\x1b]", markdown)
    markdown.encode("utf-8")  # No lone surrogates.
    # Addresses stand inside of links and nowhere else.
    rest = re.sub(r"(?<!\\)\[[^\[\]\n]+\]\(https?://[^\s()<>]+\)", "", markdown)
    assert not re.search(r"(?<!\\)://|(?<!\\)\]\(", rest)


def shown(markdown: str) -> str:
    """The characters that a reader of the Markdown sees."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", markdown).translate(dict.fromkeys(map(ord, "\u200b\u2068\u2069")))


@settings(deadline=None, max_examples=150)
@given(answers())
def test_any_answer_fits_discord_and_is_harmless(answer: Answer) -> None:
    message = render_answer(answer, PROMPTS)

    assert_fits_discord(message)
    assert_harmless(message.title)
    assert_harmless(message.description)
    assert not re.search(r"@(?!\u200b)", message.footer)


@settings(deadline=None, max_examples=150)
@given(answers())
def test_quotes_are_shown_word_for_word_and_shortened_only_visibly(answer: Answer) -> None:
    message = render_answer(answer, PROMPTS)
    blocks = re.findall(r"^> \*\*\[(\d+)\]\*\* ?(.*)$", message.description, re.MULTILINE)
    expected = [] if answer.status is Status.NOTHING else answer.citations[:10]

    assert [str(citation.n) for citation in expected] == [number for number, _ in blocks]
    for citation, (_, block) in zip(expected, blocks, strict=True):
        quote, words = clean(citation.quote), shown(block)
        assert words == quote or (words.endswith("…") and quote.startswith(words[:-1].rstrip()))


@given(endless, st.integers(0, 300))
def test_a_text_made_safe_shows_the_same_characters_and_keeps_to_its_room(text: str, room: int) -> None:
    assert clean(text) == shown(plain(text))
    assert length(plain(text, room)) <= room
    assert length(bare(text, room)) <= room
    assert length(label(text, room)) <= room
    assert plain(text, room) == plain(text) or room == 0 or plain(text, room).rstrip("\u2069").endswith("…")
    assert not re.search(r"[\[\]<>\\*~|`\n]|://", label(text))


@given(endless)
def test_lines_are_kept_and_none_begins_as_markup(text: str) -> None:
    lines = plain_lines(text).split("\n")

    assert not any(re.match(r"[#>+=-]|\d+[.)]", line) for line in lines)
    assert "\n\n\n" not in "\n".join(lines)


@pytest.mark.parametrize(
    ("given_url", "expected"),
    [
        ("https://news.example/a (b)", "https://news.example/a%20%28b%29"),
        ("https://news.example/[x]<y>", "https://news.example/%5Bx%5D%3Cy%3E"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        ("http://news.example:8080/?a=b&c=d#e", "http://news.example:8080/?a=b&c=d#e"),
        ("https://news.example/100%25", "https://news.example/100%25"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("https://bank.example@evil.example/", None),
        ("https://", None),
        ("https://[::1", None),
        ("https://news.example:99999/", None),
        ("https://news.example/" + "x" * 512, None),
        ("", None),
        (None, None),
    ],
)
def test_only_an_address_of_the_web_becomes_a_link(given_url: str | None, expected: str | None) -> None:
    assert expected == web_address(given_url)


def cite(n: int, **changes: object) -> Citation:
    citation = Citation(
        n=n,
        article_id="bridge",
        title="Council votes",
        url="https://news.example/bridge",
        source="The Harbour Post",
        published=date(2025, 11, 21),
        passage_id="0a" * 16,
        quote="The motion passed\nby 19 votes to 8.",
        start=10,
        end=45,
    )
    return replace(citation, **changes)  # type: ignore[arg-type]


def answer_of(status: Status, *cited: Citation, where: Filter | None = None, text: str = "") -> Answer:
    return Answer(Question("How did it vote?", filter=where or Filter()), status, 0.9, text, cited, (), SUMMARY)


def test_an_answer_reads_quotes_first_then_numbered_sources_then_what_was_searched() -> None:
    message = render_answer(
        answer_of(Status.ANSWERED, cite(1), cite(2, article_id="b", url=None, source=None)), PROMPTS
    )

    assert "How did it vote?" == message.title
    assert (
        "> **[1]** The motion passed by 19 votes to 8.\n\n"
        "> **[2]** The motion passed by 19 votes to 8.\n\n"
        "**Sources**\n"
        "**[1]** [Council votes](https://news.example/bridge) — The Harbour Post, 21 Nov 2025\n"
        "**[2]** Council votes — 21 Nov 2025"
    ) == message.description
    assert (
        "Very likely the answer · Searched 20 articles from 11 Feb 2025 to 6 Oct 2026 · As of 1 Jan 2026"
        == message.footer
    )
    assert ["Passage [1]"] == [button.label for button in message.buttons]


def test_an_article_quoted_twice_is_one_source_with_both_numbers() -> None:
    message = render_answer(answer_of(Status.ANSWERED, cite(1), cite(2, start=60, end=95)), PROMPTS)

    assert 1 == message.description.count("Council votes")
    assert "**[1]** **[2]** [Council votes]" in message.description
    assert ["Passage [1]", "Passage [2]"] == [button.label for button in message.buttons]


def test_related_says_that_it_is_not_sure() -> None:
    message = render_answer(answer_of(Status.RELATED, cite(1)), PROMPTS)

    assert message.description.startswith(PROMPTS.text("answer.related"))
    assert message.footer.startswith(PROMPTS.text("confidence.low"))


def test_nothing_shows_no_quote_and_says_what_was_searched_and_how_it_was_narrowed_down() -> None:
    where = Filter(date(2026, 1, 2), date(2026, 3, 4), ("Radio Varr",))
    message = render_answer(answer_of(Status.NOTHING, where=where), PROMPTS)

    assert "> " not in message.description
    assert () == message.buttons
    assert (
        "No answer found · Searched 20 articles from 11 Feb 2025 to 6 Oct 2026, "
        "only from 2 Jan 2026 on, only up to 4 Mar 2026, only Radio Varr · As of 1 Jan 2026"
    ) == message.footer


def test_a_marker_without_its_quote_is_not_shown() -> None:
    message = render_answer(answer_of(Status.ANSWERED, cite(1), text="It passed [1], narrowly [7]."), PROMPTS)

    assert "It passed [1], narrowly." in shown(message.description)


def test_quotes_beyond_what_fits_are_counted() -> None:
    message = render_answer(answer_of(Status.ANSWERED, *(cite(n) for n in range(1, 101))), PROMPTS)

    assert PROMPTS.text("answer.more", count=90) in message.description


def test_help_says_what_is_searched_when_that_is_known() -> None:
    assert "Searched 20 articles" in render_help(SUMMARY, PROMPTS).footer
    assert "" == render_help(None, PROMPTS).footer
    assert_fits_discord(render_help(SUMMARY, PROMPTS))


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 12), st.integers(1, 120))
def test_a_long_answer_goes_on_in_further_messages_and_nothing_of_it_is_lost(quotes: int, sentences: int) -> None:
    text = " ".join(f"The council took its vote number {n} by a large majority [1]." for n in range(sentences))
    message = render_answer(answer_of(Status.ANSWERED, *(cite(n) for n in range(1, quotes + 1)), text=text), PROMPTS)
    parts = [message.description, *(part.description for part in message.rest)]

    assert text.split() == [
        word
        for part in parts
        for line in shown(part).splitlines()
        if line.startswith("The council")
        for word in line.split()
    ]
    assert (len(parts) > 1) == (PROMPTS.text("answer.continued") in message.description)
    for part in (message, *message.rest):
        assert_fits_discord(part)
    assert not message.rest or len(text) > 1_000
