"""Which server the bot connects to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.settings import DiscordSection, Settings
from bot.wire import API, GATEWAY, connect_to
from index.config import ConfigProblem, load


@pytest.fixture(autouse=True)
def discords_own() -> Iterator[None]:
    yield
    connect_to()


def test_without_settings_it_is_discord_itself() -> None:
    section = DiscordSection()
    connect_to(section.api, section.gateway)

    assert "https://discord.com/api/v10" == Route("GET", "/gateway").url.removesuffix("/gateway")
    assert "wss://gateway.discord.gg/" == str(DiscordWebSocket.DEFAULT_GATEWAY)


@pytest.mark.parametrize(
    ("api", "base"),
    [
        ("http://127.0.0.1:8080/api/v10", "http://127.0.0.1:8080/api/v10"),
        ("http://127.0.0.1:8080/api/v10/", "http://127.0.0.1:8080/api/v10"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/api/v10"),
        ("https://[::1]:8080/", "https://[::1]:8080/api/v10"),
        ("https://proxy.example/discord", "https://proxy.example/discord"),
    ],
)
def test_every_request_follows_the_address_that_is_set(api: str, base: str) -> None:
    connect_to(api, "ws://127.0.0.1:8080/gateway/")

    assert f"{base}/users/@me" == Route("GET", "/users/@me").url
    assert "ws://127.0.0.1:8080/gateway/" == str(DiscordWebSocket.DEFAULT_GATEWAY)


def test_unset_again_it_is_discord_itself_again() -> None:
    connect_to("http://127.0.0.1:1", "ws://127.0.0.1:1")
    connect_to()

    assert (API, GATEWAY) == (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("API", "127.0.0.1:8080", "must begin with https:// or http://"),
        ("API", "ws://127.0.0.1:8080", "must begin with https:// or http://"),
        ("API", "http://", "must begin with https:// or http://"),
        ("API", "http://me:secret-word@127.0.0.1:8080", "a password does not belong"),
        ("API", "http://127.0.0.1:8080/api?v=10", "nothing may follow"),
        ("GATEWAY", "http://127.0.0.1:8080", "must begin with wss:// or ws://"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, value: str, says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(f"FOOTNOTE_DISCORD__{key}", value)
    with pytest.raises(ConfigProblem, match=says) as caught:
        load(Settings)

    assert "secret-word" not in str(caught.value)
