"""Foreign words in Discord's Markdown: nothing comes of them but text, and links stay as they are meant."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.markup import bare, clean, clean_lines, label, length, plain, plain_lines, web_address
from bot.model import Answer, Citation, Question, Status
from bot.prompts import load_prompts
from bot.render import render_answer
from index import Hit, Passage, Summary
from index.model import Article

PROMPTS = load_prompts()
URL = "https://news.example/vote"

# Pieces that marks are made of, so that chance puts them together in every way.
hostile = st.lists(
    st.sampled_from(
        ["http", "https", "steam", ":", ":", "/", "//", "://", "q", "evil.example", "*", "**", "_", "__", "~~", "||",
         "`", "```", "[", "]", "(", ")", "](", "<", ">", "@", "everyone", "here", "\\", "#", "##", "-", "-#", ">>>",
         "1.", " ", " ", "\n", "t:1:R", "1", "!", "&", "/ask:1", "a:x:1", "id:customize", "\u200b", "\u202e", "\u00ad",
         "\u3164", "é", "東", "👩‍👩‍👧", "\ud800", "\x1b", "discord.gg/x"]
    ),
    max_size=24,
).map("".join)  # fmt: skip

# As Discord's clients read them, one after the other at each place; at a line's beginning, the second kind as well.
ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")
INLINE = {
    "code": re.compile(r"(`+)[\s\S]*?[^`]\1(?!`)"),
    "angle": re.compile(r"<(?:@[!&]?\d+|#\d+|a?:\w+:\d+|t:-?\d+(?::\w)?|/[-\w ]+:\d+|id:\w+|[^: >]+:/[^ >]+)>"),
    "everyone": re.compile(r"@(?:everyone|here)"),
    "link": re.compile(r"\[((?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*)\]\(\s*<?((?:\([^)]*\)|[^\s\\]|\\.)*?)>?\)"),
    "url": re.compile(r"\w+://[^\s<]+"),
    "strong": re.compile(r"\*\*[\s\S]+?\*\*(?!\*)"),
    "underline": re.compile(r"__[\s\S]+?__(?!_)"),
    "emphasis": re.compile(r"\*(?=\S)[\s\S]+?\*|_(?=\S)[\s\S]+?_"),
    "strike": re.compile(r"~~[\s\S]+?~~"),
    "spoiler": re.compile(r"\|\|[\s\S]+?\|\|"),
}
LINE = {
    "heading": re.compile(r"#{1,3} "),
    "small": re.compile(r"-# "),
    "quote": re.compile(r">(?:>>)? "),
    "list": re.compile(r"(?:[-*+]|\d+\.) "),
}


def marks(markdown: str, *, inside: bool = False) -> list[tuple[str, str]]:
    """Return what Discord makes of a text, outermost only: the kind of each mark, and its text."""
    found = []
    position = 0
    while position < len(markdown):
        if escape := ESCAPE.match(markdown, position):
            position = escape.end()
            continue
        kinds = dict(INLINE)
        if not inside and (position == 0 or markdown[position - 1] == "\n"):
            kinds = LINE | kinds
        # A word's middle is no beginning of an address.
        hits = ((kind, rule.match(markdown, position)) for kind, rule in kinds.items())
        hit = next(((kind, match) for kind, match in hits if match), None)
        if hit:
            found.append((hit[0], hit[1][0]))
            position = hit[1].end()
        else:
            position += 1
    return found


def shown(markdown: str) -> str:
    return ESCAPE.sub(r"\1", markdown).translate(dict.fromkeys(map(ord, "\u200b\u2068\u2069")))


@given(hostile)
def test_a_text_made_safe_is_text_and_nothing_else(text: str) -> None:
    for made, meant in ((plain(text), clean(text)), (plain_lines(text), clean_lines(text))):
        assert [] == marks(made)
        assert meant == shown(made)


@given(hostile, st.integers(1, 40))
def test_however_it_is_cut_a_text_made_safe_stays_so(text: str, room: int) -> None:
    for cut in (plain(text, room), plain_lines(text, room), label(text, room), bare(text, room)):
        assert length(cut) <= room
    assert [] == marks(plain(text, room)) + marks(plain_lines(text, room)) + marks(label(text, room), inside=True)


@given(hostile, hostile)
@example("http:q:////evil.example", "")
@example("a", "](https://evil.example)[")
def test_a_link_shows_its_label_and_leads_to_its_address(text: str, more: str) -> None:
    line = f"**[1]** [{label(text + more) or 'x'}]({URL}) — {plain(more)}"
    found = marks(line)

    assert ["strong", "link"] == [kind for kind, _ in found]
    assert found[1][1].endswith(f"]({URL})")
    assert [] == marks(label(text + more), inside=True)
    assert not re.search(r"\w*://", label(text + more))


@given(hostile, hostile)
def test_a_quote_stays_in_its_line_and_bold_words_in_theirs(text: str, more: str) -> None:
    assert ["quote", "strong"] == [kind for kind, _ in marks(f"> **[1]** {plain(text)}")]
    if clean(text) and clean(more):
        found = marks(f"x {plain(more)} **{plain(text)}** {plain(more)}")

        assert [("strong", f"**{plain(text)}**")] == found


@pytest.mark.parametrize("scheme", ["https", "http"])
@given(rest=hostile)
def test_an_address_cannot_leave_its_parentheses(scheme: str, rest: str) -> None:
    address = web_address(f"{scheme}://news.example/{rest}")

    if address is not None:
        assert re.fullmatch(rf"{scheme}://news\.example/[\w/%:?&=+,;~.!$#-]*", address, re.ASCII)
        assert [("link", f"[x]({address})")] == marks(f"[x]({address})")


def hit_of(article: Article) -> Hit:
    return Hit(Passage("0" * 32, article.id, 0, len(article.text)), article, 1.0, 0, len(article.text))


@settings(max_examples=30)
@given(st.lists(st.tuples(hostile, hostile, hostile), min_size=1, max_size=3))
def test_in_an_answer_nothing_but_its_own_marks_and_sources_is_marked(articles: list[tuple[str, str, str]]) -> None:
    hits, citations = [], []
    for n, (title, source, words) in enumerate(articles, start=1):
        text = f"Before it. {words} After it."
        article = Article(f"a{n}", title, text, f"{URL}/{n}", date(2026, 1, n), source)
        quote = words or "it"
        start = text.index(quote)
        citations.append(
            Citation(
                n, article.id, title, article.url, source, article.published, "0" * 32, quote, start, start + len(quote)
            )
        )
        hits.append(hit_of(article))
    summary = Summary("g1", 3, 3, date(2026, 1, 1), date(2026, 1, 3), 0, {}, "m", "2026-01-01T00:00:00+00:00")
    question, said = Question("".join(articles[0]) or "x"), articles[0][2] + " [1]"
    answer = Answer(question, Status.ANSWERED, 0.9, said, tuple(citations), tuple(hits), summary)
    message = render_answer(answer, PROMPTS)

    assert [] == marks(message.title)
    for kind, marked in marks(message.description):
        if kind == "link":
            target = marked.rpartition("](")[2].removesuffix(")")
            assert re.sub(r"#:~:text=[\w.~%,-]+$", "", target, flags=re.ASCII) in {c.url for c in citations}
        else:
            assert kind == "quote" or (kind, marked) in {
                ("strong", "**Sources**"),
                *(("strong", f"**[{n}]**") for n in range(1, 4)),
            }
    assert len([kind for kind, _ in marks(message.description) if kind == "link"]) <= len(citations)


def test_what_is_written_from_the_right_does_not_turn_round_what_stands_beside_it() -> None:
    citation = Citation(1, "a", "המועצה הצביעה [3]", URL, "عكاظ", date(2026, 1, 2), "ab", "נמצא.", 0, 5)
    summary = Summary("g1", 1, 1, date(2026, 1, 2), date(2026, 1, 2), 0, {}, "m", "2026-01-01T00:00:00+00:00")
    answer = Answer(Question("q"), Status.ANSWERED, 0.9, "", (citation,), (), summary)
    message = render_answer(answer, PROMPTS)

    assert f"> **[1]** {set_apart('נמצא.')}" in message.description
    assert f"**[1]** [{set_apart('המועצה הצביעה (3)')}]({URL}) — {set_apart('عكاظ')}, 2 Jan 2026" in message.description


@given(st.text(st.sampled_from("אבגد [*_<:/ab1 \u2068\u2069"), max_size=60), st.integers(0, 40))
def test_what_is_set_apart_is_whole_and_fits(text: str, room: int) -> None:
    for shown in (plain(text, room), label(text, room)):
        assert length(shown) <= room
        assert shown.count("\u2068") == shown.count("\u2069") <= 1
        assert shown.startswith("\u2068") == shown.endswith("\u2069")


def set_apart(text: str) -> str:
    return f"\u2068{text}\u2069"
