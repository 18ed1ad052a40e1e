"""Text fragments: a browser that follows the specification finds the quote by them, and nothing before it."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.fragment import at_quote
from bot.markup import LONGEST_URL

PAGE = "https://news.example/bridge"
NIGHT = (
    "The council voted on Monday. The vote was close.\n\n"
    "Work begins in May, and the bridge is to open in August 2026. The vote was close, said Petra Lindqvold, “and that "
    "is how it should be with a bridge that costs 148 million crowns and closes the river for a year and a half.”\n\n"
    "The council voted on Tuesday."
)

words = st.sampled_from(
    ["the", "vote", "Vote", "was", "close", "U.S.", "3.5", "per-cent", "don't", "“Yes,”", "R&D", "a,b", "(see", "Übung",
     "naïve", "100%", "#1", "~", "東京で発生した。", "気象庁は、", "مرحبا", "👩‍👩‍👧", "🇩🇪🇫🇷", "on—Monday"]
)  # fmt: skip
gaps = st.sampled_from([" ", " ", " ", " ", "\n", "\n\n", "  ", "\u00a0"])
texts = st.lists(st.tuples(words, gaps), min_size=1, max_size=60).map(lambda parts: "".join(w + g for w, g in parts))
anything = st.text(max_size=200)


def directive_of(address: str) -> str | None:
    return address.partition("#")[2].partition(":~:text=")[2] or None


def pieces_of(directive: str) -> tuple[str, str, str, str]:
    """Return prefix, start, end and suffix, as a browser takes a directive apart; what is not there is empty."""
    parts = directive.split(",")
    prefix = unquote(parts.pop(0)[:-1]) if parts[0].endswith("-") else ""
    suffix = unquote(parts.pop()[1:]) if parts[-1].startswith("-") else ""
    start, end = (*map(unquote, parts), "")[:2]
    return prefix, start, end, suffix


def alike(text: str) -> str:
    """Return a text as browsers compare it, without its white space."""
    plain = unicodedata.normalize("NFKD", text.translate(str.maketrans("“”‘’", "\"\"''")).casefold())
    return "".join(c for c in plain if not c.isspace() and unicodedata.category(c) not in {"Mn", "Me", "Cf"})


def found_by(directive: str, text: str) -> tuple[int, int]:
    """Return what a browser finds, in `alike(text)`: the first place, with the nearest end behind it."""
    prefix, start, end, suffix = map(alike, pieces_of(directive))
    page = alike(text)
    at = page.index(prefix + start + ("" if end else suffix)) + len(prefix)
    until = page.index(end + suffix, at + len(start)) + len(end) if end else at + len(start)
    return at, until


@pytest.mark.parametrize(
    ("quote", "directive"),
    [
        ("Work begins in May, and the bridge is to open in August 2026.",
         "Work%20begins%20in%20May%2C%20and%20the%20bridge%20is%20to%20open%20in%20August%202026."),
        ("The vote was close.", "The%20vote%20was%20close.,-Work%20begins"),
        ("The council voted on Tuesday.", "The%20council%20voted%20on%20Tuesday."),
        (NIGHT[112:], "The%20vote%20was%20close%2C,council%20voted%20on%20Tuesday."),
        ("close, said Petra", "close%2C%20said%20Petra,-Lindqvold%2C%20%E2%80%9Cand"),
    ],
)  # fmt: skip
def test_a_quote_is_named_as_briefly_as_it_can_be_told(quote: str, directive: str) -> None:
    start = NIGHT.index(quote)

    assert f"{PAGE}#:~:text={directive}" == at_quote(PAGE, NIGHT, start, start + len(quote))


def test_words_that_occur_twice_are_told_apart_by_their_neighbours() -> None:
    text = "He said so. Then she said so. Then they said so."
    found = [at_quote(PAGE, text, at.start(), at.end()) for at in re.finditer("said so", text)]

    assert [
        f"{PAGE}#:~:text=said%20so,-.%20Then",
        f"{PAGE}#:~:text=Then%20she-,said%20so",
        f"{PAGE}#:~:text=Then%20they-,said%20so",
    ] == found


def test_what_has_a_meaning_in_a_fragment_is_encoded() -> None:
    text = "A so-called “R&D, pure” 100% ~ ü 東 word."
    directive = directive_of(at_quote(PAGE, text, 0, len(text)))

    expected = "A%20so%2Dcalled%20%E2%80%9CR%26D%2C%20pure%E2%80%9D%20100%25%20~%20%C3%BC%20%E6%9D%B1%20word."
    assert expected == directive


@pytest.mark.parametrize(
    ("url", "beginning"),
    [
        ("https://a.example/x#top", "https://a.example/x#top:~:text="),
        ("https://a.example/x#", "https://a.example/x#:~:text="),
        ("https://a.example/x?q=1#/route", "https://a.example/x?q=1#/route:~:text="),
        ("https://a.example/x#top:~:text=old", "https://a.example/x#top:~:text="),
    ],
)
def test_an_address_keeps_its_own_fragment_but_no_other_text(url: str, beginning: str) -> None:
    assert f"{beginning}One%20sentence%20of%20a%20few%20words." == at_quote(url, "One sentence of a few words.", 0, 28)


def test_a_quote_that_begins_within_a_word_is_widened_to_it() -> None:
    text = "The overwhelming majority doesn't agree with it."

    assert directive_of(at_quote(PAGE, text, 8, 34)) == "overwhelming%20majority%20doesn%27t"


@pytest.mark.parametrize(
    ("text", "start", "word"),
    [("cafe\u0301teria", 5, "cafe\u0301teria"), ("แล้วด้วย", 6, "แล้วด้วย"), ("ist\u00adheute", 4, "ist\u00adheute")],
)
def test_marks_and_hyphens_that_are_not_seen_are_within_their_words(text: str, start: int, word: str) -> None:
    directive = directive_of(at_quote(PAGE, f"One {text} two", start + 4, len(text) + 4))
    assert directive

    assert word == pieces_of(directive)[1]


def test_nothing_is_looked_for_next_to_a_hyphen_that_is_not_seen() -> None:
    directive = directive_of(at_quote(PAGE, "One ist\u00ad two", 4, 8))

    assert "One-,ist%C2%AD" == directive


def test_less_is_said_where_there_is_less_room() -> None:
    quote = NIGHT[112:]
    lengths = [len(at_quote(PAGE, NIGHT, 112, len(NIGHT), room)) for room in (LONGEST_URL, 75, 60, 20)]

    assert lengths == sorted(lengths, reverse=True)
    assert lengths[-1] == len(PAGE)
    assert quote.startswith("The vote was close, ")


@pytest.mark.parametrize("span", [(0, 0), (5, 3), (-1, 4), (0, 10**9), (4, 5)])
def test_no_words_no_fragment(span: tuple[int, int]) -> None:
    assert PAGE == at_quote(PAGE, "Some words", *span)


def test_a_paragraph_that_nothing_tells_apart_is_not_claimed_to_be_found() -> None:
    text = "The vote was close.\n\nThe vote was close.\n\nThe vote was close."

    assert f"{PAGE}#:~:text=was%20close.-,The%20vote%20was%20close." == at_quote(PAGE, text, 21, 40)
    assert PAGE == at_quote(PAGE, text, 42, 61)


def test_a_text_made_to_take_long_does_not() -> None:
    text = "a " * 49_000 + "b"

    assert at_quote(PAGE, text, len(text) - 5_000, len(text)).startswith(PAGE)


@settings(max_examples=60)
@given(texts, st.data())
def test_a_browser_finds_the_quote_and_nothing_before_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    directive = directive_of(at_quote(PAGE, text, start, end))
    assume(directive)
    assert directive

    at, until = found_by(directive, text)
    quote = text[start:end].strip()
    first = len(alike(text[: start + len(text[start:end]) - len(text[start:end].lstrip())]))
    # Widened to whole words at most.
    assert first - 20 <= at <= first
    if pieces_of(directive)[2] or until - first >= len(alike(quote)):
        assert first + len(alike(quote)) <= until <= first + len(alike(quote)) + 20


@settings(max_examples=60)
@given(st.one_of(texts, anything), st.integers(0, 300), st.integers(0, 300), st.integers(0, LONGEST_URL))
def test_a_fragment_is_well_formed_and_fits(text: str, start: int, end: int, room: int) -> None:
    address = at_quote(PAGE, text, start, end, room)
    directive = directive_of(address)

    if directive is None:
        assert PAGE == address
        return
    assert len(address) <= room
    # Nothing but a prefix's and a suffix's hyphens, and the commas between the parts.
    part = r"(?:[A-Za-z0-9._~]|%[0-9A-F]{2})+"
    assert re.fullmatch(rf"(?:{part}-,)?{part}(?:,{part})?(?:,-{part})?", directive)
    assert urlsplit(address).fragment == f":~:text={directive}"
    for piece in pieces_of(directive):
        assert piece == " ".join(piece.split())
        assert not piece or alike(piece) in alike(text)
