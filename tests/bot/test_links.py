"""Where a quote leads to: the article's own address, or a page of the bot's with a signature that nobody can make."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.buttons import check
from bot.links import DAY, Admission, Links, Pages, Span, in_path, of_path, read_spans
from bot.markup import LONGEST_URL

SECRET = b"a key that nobody knows"
TEXT = "The council voted on Monday. Work begins in May."
SPANS = [Span(0, 28, check(TEXT[:28])), Span(29, 48, check(TEXT[29:]))]
OWN = "https://news.example/vote"

few = settings(max_examples=50)

ids = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "bridge.md",
            "..",
            ".",
            "",
            "a/b.md",
            "a/../b",
            "a//b",
            "/",
            "a%2Fb",
            "~x",
            "ü",
            "a b?c#d",
            "\ud800",
            "-x",
            "x" * 900,
        ]
    ),
)


class Clock:
    """Tells the time that it is set to, in seconds since 1970."""

    def __init__(self) -> None:
        self.now = 20_000.0 * DAY + 5

    def __call__(self) -> float:
        return self.now


def admission(pages: Pages, address: str, article_id: str | None = None) -> Admission:
    """Return what an address is worth, as the pages' server reads it."""
    query = parse_qs(urlsplit(address).query)
    found = article_id or of_path(urlsplit(address).path.removeprefix("/article/"))
    assert found is not None
    return pages.admits(found, query.get("until", [""])[0], query.get("sign", [""])[0])


@few
@given(ids)
def test_every_id_is_the_end_of_a_path_that_no_server_rewrites(article_id: str) -> None:
    part = in_path(article_id)

    assert set(part) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-/")
    assert not {"", ".", ".."} & set(part.split("/"))
    assert article_id == of_path(part)


@few
@given(st.text(max_size=30))
def test_an_article_has_one_address_and_no_other(part: str) -> None:
    found = of_path(part)

    assert found is None or part == in_path(found)


@few
@given(ids.filter(lambda name: len(name) < 200))
def test_a_signed_address_lets_in_to_its_article_alone(article_id: str) -> None:
    pages = Pages("https://bot.example", SECRET)
    address = pages.address(article_id, SPANS)
    assert address

    assert len(address) <= LONGEST_URL
    assert admission(pages, address) is Admission.GOOD
    assert admission(pages, address, article_id + "x") is Admission.FORGED
    assert admission(Pages("https://bot.example", SECRET + b"!"), address) is Admission.FORGED


@pytest.mark.parametrize("signature", ["", "x", "é", "A" * 22, "A" * 9_000, "\ud800"])
def test_a_signature_of_ones_own_making_lets_nobody_in(signature: str) -> None:
    assert Admission.FORGED is Pages("https://bot.example", SECRET).admits("vote", "", signature)


def test_an_address_runs_out_after_the_days_it_is_good_for() -> None:
    clock = Clock()
    pages = Pages("https://bot.example", SECRET, days=2, clock=clock)
    address = pages.address("vote")
    assert address

    for days, expected in [(0, Admission.GOOD), (2, Admission.GOOD), (3, Admission.EXPIRED)]:
        clock.now = (20_000 + days) * DAY + 100.0
        assert expected is admission(pages, address)


@pytest.mark.parametrize("later", ["20009", "", "99999999", "20002 ", "-1", "x"])
def test_nobody_can_put_off_the_day(later: str) -> None:
    pages = Pages("https://bot.example", SECRET, days=2, clock=Clock())
    address = pages.address("vote")
    assert address and "until=20002" in address

    signature = parse_qs(urlsplit(address).query)["sign"][0]
    assert Admission.FORGED is pages.admits("vote", later, signature)


def test_an_address_names_the_quotes_and_leads_to_the_first() -> None:
    address = Pages("https://bot.example/reads/", None).address("vote", SPANS)
    assert address

    assert f"https://bot.example/reads/article/vote?quote=0-28-{SPANS[0].check}&quote=29-48-{SPANS[1].check}#quote" == (
        address
    )
    assert SPANS == read_spans(parse_qs(urlsplit(address).query)["quote"])


@few
@given(st.lists(st.text(max_size=30), max_size=20))
def test_whatever_stands_for_a_quote_is_read_or_left_out(values: list[str]) -> None:
    assert len(read_spans([*values, *["1-2"] * 20])) <= 8


@few
@given(st.integers(0, LONGEST_URL))
def test_quotes_are_left_out_where_there_is_no_room_and_at_last_the_whole_address(room: int) -> None:
    address = Pages("https://bot.example", SECRET).address("vote", SPANS, room)

    assert address is None or (len(address) <= room and admission(Pages("", SECRET), address) is Admission.GOOD)


def test_an_articles_own_address_comes_first_unless_the_pages_are_always_meant() -> None:
    pages = Pages("https://bot.example", None)

    assert Links().to("vote", OWN, TEXT, SPANS) == f"{OWN}#:~:text=The%20council%20voted%20on%20Monday."
    assert Links().to("vote", None, TEXT, SPANS) is None
    assert Links().to("vote", OWN, TEXT, []) == OWN
    assert Links(pages).to("vote", OWN, TEXT, SPANS) == Links().to("vote", OWN, TEXT, SPANS)
    for links, url in [(Links(pages), None), (Links(pages), "javascript:alert(1)"), (Links(pages, always=True), OWN)]:
        assert links.to("vote", url, TEXT, SPANS) == pages.address("vote", SPANS)
    # Too long for a page's address: better the article's own.
    assert Links(pages, always=True).to("x" * 600, OWN, TEXT, []) == OWN


@few
@given(ids, st.one_of(st.none(), st.text(max_size=50), st.just(OWN)), st.text(max_size=50), st.integers(0, LONGEST_URL))
def test_a_link_is_safe_to_stand_in_a_message(article_id: str, url: str | None, text: str, room: int) -> None:
    for links in (Links(), Links(Pages("https://bot.example", SECRET)), Links(Pages("http://[::1]:80", None), True)):
        address = links.to(article_id, url, text, [Span(0, len(text))], room)

        if address is not None:
            assert len(address) <= room
            assert address.startswith(("http://", "https://"))
            assert address.isascii() and not set(address) & set(" ()<>\"'`|\\*\n")
