"""Addresses: one spelling each, one key for all addresses of an article, one site for one owner."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.webpage import canonical_url, is_front_page, page_key, same_site


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("HTTPS://Coast.Example:443/News/Bridge#comments", "https://coast.example/News/Bridge"),
        ("http://coast.example:80", "http://coast.example/"),
        ("http://coast.example:8080/a", "http://coast.example:8080/a"),
        ("https://coast.example/a?utm_source=x&id=7&fbclid=abc&UTM_Medium=y", "https://coast.example/a?id=7"),
        ("https://coast.example/a?b=1&a=%c3%a9&empty=", "https://coast.example/a?b=1&a=%C3%A9&empty="),
        ("https://coast.example/x/../news/./a", "https://coast.example/news/a"),
        ("https://coast.example/Brücke über", "https://coast.example/Br%C3%BCcke%20%C3%BCber"),
        ("https://bücher.example/a", "https://xn--bcher-kva.example/a"),
        ("http://[2001:DB8::1]:80/a", "http://[2001:db8::1]/a"),
        ("https://coast-example.cdn.ampproject.org/c/s/coast.example/a/amp", "https://coast.example/a/amp"),
        ("https://www.google.com/amp/s/coast.example/a", "https://coast.example/a"),
        ("https://coast.example//double//slash", "https://coast.example//double//slash"),
        ("mailto:ada@coast.example", "mailto:ada@coast.example"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("https://coast.example:port/a", "https://coast.example:port/a"),
        ("http://[::1/a", "http://[::1/a"),
        ("", ""),
    ],
)
def test_an_address_has_one_spelling(written: str, canonical: str) -> None:
    assert canonical == canonical_url(written)


@pytest.mark.parametrize(
    "variant",
    [
        "http://coast.example/news/bridge",
        "https://www.coast.example/news/bridge/",
        "https://m.coast.example/news/bridge",
        "https://coast.example/news/bridge/amp",
        "https://coast.example/news/bridge/amp/?utm_campaign=x",
        "https://coast.example/news/bridge.amp",
        "https://coast.example/amp/news/bridge",
        "https://amp.coast.example/news/bridge",
        "https://coast.example/news/bridge?amp=1",
        "https://coast.example/news/bridge?outputType=amp",
        "https://coast.example/news/bridge/print/",
        "https://coast.example/news/bridge?print=true#top",
        "https://coast.example/news/bridge?view=print",
        "https://www.google.com/amp/s/coast.example/news/bridge",
    ],
)
def test_all_addresses_of_an_article_have_one_key(variant: str) -> None:
    assert page_key("https://coast.example/news/bridge") == page_key(variant)


@pytest.mark.parametrize(
    "other",
    [
        "https://coast.example/news/bridge?id=1",
        "https://coast.example/news/bridge-amp",
        "https://coast.example/news/amplifiers/bridge",
        "https://coast.example/printers/news/bridge",
        "https://coast.example/News/Bridge",
        "https://coast.example:8443/news/bridge",
        "https://news.coast.example/news/bridge",
        "https://coast.example/news/bridge?page=2",
    ],
)
def test_other_articles_have_other_keys(other: str) -> None:
    assert page_key("https://coast.example/news/bridge") != page_key(other)


@given(
    st.from_regex(
        r"https?://[a-zA-Z.é]{1,9}(:\d{1,3})?(/[\w.%é -]{0,6}){0,4}(\?[\w=&%-]{0,20})?(#\w*)?", fullmatch=True
    )
)
def test_one_spelling_is_spelt_so_again(url: str) -> None:
    assert canonical_url(url) == canonical_url(canonical_url(url))
    assert page_key(url) == page_key(page_key(url))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.coast.example/a", "http://coast.example/b", True),
        ("https://news.coast.co.uk/", "https://coast.co.uk/", True),
        ("https://coast.co.uk/", "https://courier.co.uk/", False),
        ("https://ada.blogspot.com/", "https://jo.blogspot.com/", False),
        ("https://coast.example/", "https://coast.example.evil.example/", False),
        ("https://coast.example@evil.example/", "https://coast.example/", False),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:9000/", True),
        ("http://10.0.0.1/", "http://20.0.0.1/", False),
        ("http://localhost/", "http://localhost:80/", True),
        ("mailto:a@coast.example", "mailto:a@coast.example", False),
    ],
)
def test_a_site_is_what_one_owner_has_registered(one: str, other: str, same: bool) -> None:
    assert same is same_site(one, other)


@pytest.mark.parametrize(
    ("url", "front"),
    [
        ("https://a.example", True),
        ("https://a.example/index.html", True),
        ("https://a.example/?p=7", False),
        ("x", False),
    ],
)
def test_a_front_page_is_a_site_as_a_whole(url: str, front: bool) -> None:
    assert front is is_front_page(url)
