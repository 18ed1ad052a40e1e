"""Over TLS the certificate has to be the host's, although the connection is made to a number."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from index.fetch import Fetched, Fetcher, FetchFailure, NotAllowed, Unreachable
from tests.index.fetch.web import Web


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def secure(authority: trustme.CA) -> Iterator[Web]:
    """A server with a certificate for news.example."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("news.example").configure_cert(context)
    with Web(tls=context) as served:
        served.page("/a", "text")
        yield served


@pytest.fixture
def _trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))


async def fetch(web: Web, url: str) -> Fetched:
    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    async with Fetcher(web.settings(robots=False, allow_hosts=("127.0.0.1",)), resolve=resolve) as fetcher:
        return await fetcher.get(url)


@pytest.mark.usefixtures("_trusted")
async def test_a_certificate_for_the_name_holds(secure: Web) -> None:
    assert b"text" == (await fetch(secure, secure.url("/a", "news.example"))).body


@pytest.mark.usefixtures("_trusted")
@pytest.mark.parametrize("name", ["other.example", "127.0.0.1"])
async def test_a_certificate_for_another_name_does_not(secure: Web, name: str) -> None:
    with pytest.raises(Unreachable, match=r"certificate that does not hold: .*mismatch") as failure:
        await fetch(secure, secure.url("/a", name))

    assert not failure.value.retryable


async def test_an_authority_that_nobody_knows_does_not(secure: Web) -> None:
    with pytest.raises(Unreachable, match="certificate that does not hold"):
        await fetch(secure, secure.url("/a", "news.example"))


async def test_a_server_that_speaks_no_tls_is_told(web: Web) -> None:
    with pytest.raises(FetchFailure, match="no TLS"):
        await fetch(web, web.url("/a").replace("http:", "https:"))


@pytest.mark.usefixtures("_trusted")
async def test_a_redirect_from_https_to_http_is_not_followed(secure: Web, web: Web) -> None:
    secure.redirect("/down", web.url("/a"))
    with pytest.raises(NotAllowed, match="from https to http"):
        await fetch(secure, secure.url("/down", "news.example"))

    assert 0 == web.connections


@pytest.mark.usefixtures("_trusted")
async def test_a_redirect_from_http_to_https_is(secure: Web, web: Web) -> None:
    web.redirect("/up", secure.url("/a", "news.example"), 301)

    assert secure.url("/a", "news.example") == (await fetch(web, web.url("/up"))).permanent
