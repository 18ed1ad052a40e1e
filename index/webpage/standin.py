"""Pages that stand in an article's place: walls, logins, errors that claim success, shells that scripts would fill.

Each is told by what the page states or by what it says to its reader, and only where no article is left beside that: an
ordinary article that mentions cookies or subscriptions, with a notice about the one and a box that sells the other, is
none of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from index.webpage import phrases
from index.webpage.address import is_front_page, page_key
from index.webpage.markup import Markup

SHORTEST = 200
"""Bytes of UTF-8 of the shortest article: some 35 words of English, 70 characters of Chinese or Japanese.

Bytes, as the scripts that say more with a character need more of them for it.
"""

# Bytes up to which a text may be what precedes a pay wall, some 330 words, or the excuse of an error page.
_TEASER = 2_000
_EXCUSE = 1_000
_LONG_EXCUSE = 5_000

# Bytes of what is left beside a form to log in; and seconds of a page that only sends its reader on.
_BESIDE_A_FORM = 600
_AT_ONCE = 10

# Share of the text that has to ask for consent to make the page a notice, and characters of its longest paragraph that
# is looked at.
_CONSENT_SHARE = 0.5
_LONGEST_LINE = 600

# Words and characters of a line in a pay wall's box: paragraphs of an article about newspapers are longer.
_WORDS_OF_A_BOX = 25
_LETTERS_OF_A_BOX = 200

# What somebody else says, in an article about such pages.
_QUOTED = re.compile('“[^“”]*”|"[^"]*"|„[^„“]*“|«[^«»]*»|「[^「」]*」|‘[^‘’]*’')

_CONSENT_HOSTS = frozenset(("consent", "guce", "cmp", "privacy-mgmt", "cookiewall"))
_WALL_NAME = re.compile(r"(^|[\s_-])(pay|reg|subscri\w*|meter|member\w*)-?(wall|gate)\b", re.IGNORECASE)
_ASKS_TO_PAY = re.compile(r"subscri|abonn|suscri|abbon|regist|member|log ?in|sign ?in|購読|会員", re.IGNORECASE)
_SEPARATORS = re.compile(r"\s+[|–—·»:-]\s+|\s*\|\s*")
_FALSE = re.compile(r"\s*(https?://schema\.org/)?false\s*", re.IGNORECASE)
_CLASS = re.compile(r"\.([\w-]+)")


class Problem(StrEnum):
    """What a page is instead of an article."""

    NOT_A_PAGE = "not a page"
    EMPTY = "empty"
    NEEDS_SCRIPTS = "needs scripts"
    REDIRECT = "redirect"
    CHALLENGE = "challenge"
    LOGIN = "login"
    CONSENT_WALL = "consent wall"
    PAY_WALL = "pay wall"
    NOT_FOUND = "soft 404"
    TOO_SHORT = "too short"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class StandIn:
    """Why a page gives no article.

    Attributes:
        problem: What it is.
        reason: A sentence that goes on from the page's address and says what to do.
    """

    problem: Problem
    reason: str


def weight(text: str) -> int:
    """Return how much a text says, in bytes; see `SHORTEST`."""
    return len(text.encode("utf-8", "replace"))


def stand_in(markup: Markup, text: str, *, asked: str, paid: bool) -> StandIn | None:
    """Return what the page is instead of an article; None for an article.

    Args:
        markup: The page.
        text: The article that was found on it; empty if none.
        asked: The address that was asked for, before the redirects that led to the page.
        paid: The operator may have what is behind pay walls: only what is left out is missing then.
    """
    size = weight(text)
    told: tuple[Callable[[], StandIn | None], ...] = (
        lambda: _redirect(markup, size),
        lambda: _CHALLENGE if _is_challenge(markup, size) else None,
        lambda: _CONSENT_WALL if _asks_for_consent(markup, text, asked) else None,
        lambda: _NOT_FOUND if _is_not_found(markup, size, asked) else None,
        lambda: _LOGIN if _is_login(markup, size) else None,
        lambda: _PAY_WALL if _is_paid(markup, text, stated=not paid) else None,
        lambda: _nothing(markup) if size < SHORTEST else None,
    )
    return next((found for tell in told if (found := tell())), None)


def paid_parts(markup: Markup) -> list[str]:
    """Return the classes of the parts that a page marks as not free, where the article as a whole is."""
    parts = [part for item in markup.articles for part in _listed(item.get("hasPart"))]
    selectors = (str(part.get("cssSelector", "")) for part in parts if _is_false(part.get("isAccessibleForFree")))
    return [name for selector in selectors for name in _CLASS.findall(selector)][:20]


def _redirect(markup: Markup, size: int) -> StandIn | None:
    if markup.refresh is None:
        return None
    seconds, address = markup.refresh
    elsewhere = page_key(address) != page_key(markup.url)
    if elsewhere and seconds <= _AT_ONCE and (seconds <= 1 or size < _EXCUSE):
        return StandIn(Problem.REDIRECT, "only sends its reader on to another address. Fetch that one.")
    return None


def _is_challenge(markup: Markup, size: int) -> bool:
    if size >= _EXCUSE:
        return False
    tests = "//*[@id='challenge-form' or @id='challenge-running' or @id='cf-wrapper' or @id='px-captcha']"
    frames = (
        "//iframe[contains(@src, 'captcha')] | //*[contains(@class, 'g-recaptcha') or contains(@class, 'h-captcha')]"
    )
    if markup.tree.xpath(tests) or any(_is_whole(phrases.CHALLENGE, title) for title in markup.titles):
        return True
    return size < SHORTEST and bool(markup.tree.xpath(frames)) and not markup.tree.xpath("//input[@type='password']")


def _asks_for_consent(markup: Markup, text: str, asked: str) -> bool:
    host, asked_host = (urlsplit(url).hostname or "" for url in (markup.url, asked))
    if host != asked_host and host.split(".")[0] in _CONSENT_HOSTS:
        return True
    lines = [line for line in text.split("\n") if line.strip()] if weight(text) >= SHORTEST else markup.blocks
    asking = sum(len(line) for line in lines if _says(phrases.CONSENT, line))
    if asking < _CONSENT_SHARE * sum(map(len, lines)) or not asking:
        return False
    return any(phrases.CONSENT_BUTTON.fullmatch(control.strip()) for control in markup.controls)


def _is_not_found(markup: Markup, size: int, asked: str) -> bool:
    if is_front_page(markup.url) and not is_front_page(asked):
        return True
    called = [any(phrases.NOT_FOUND.fullmatch(part) for part in _parts(title)) for title in markup.titles]
    if size < _EXCUSE:
        return any(called)
    # The excuse comes with a list of other articles, each with its teaser.
    return size < _LONG_EXCUSE and bool(called) and all(called) and not markup.says_article


def _is_login(markup: Markup, size: int) -> bool:
    if size >= _BESIDE_A_FORM:
        return False
    asks = bool(markup.tree.xpath("//input[translate(@type, 'PASWORD', 'pasword')='password']"))
    called = any(_is_whole(phrases.LOGIN, title) for title in markup.titles)
    return (asks and (called or size < SHORTEST)) or (called and size < SHORTEST)


def _is_paid(markup: Markup, text: str, *, stated: bool) -> bool:
    if stated and (
        any(_is_false(item.get("isAccessibleForFree")) for item in markup.articles)
        or any(_FALSE.fullmatch(value) for value in markup.meta("isaccessibleforfree"))
        or "locked" in [tier.lower() for tier in markup.meta("article:content_tier")]
    ):
        return True
    if weight(text) >= _TEASER:
        return False
    boxes = (b for b in markup.blocks if len(b.split()) <= _WORDS_OF_A_BOX and len(b) <= _LETTERS_OF_A_BOX)
    if any(_says(phrases.PAID, box) for box in boxes):
        return True
    return any(
        _ASKS_TO_PAY.search(said) and len(said) < max(len(text), _LONGEST_LINE)
        for wall in markup.tree.xpath("//body//*[@class or @id]")
        if _WALL_NAME.search(f"{wall.get('class') or ''} {wall.get('id') or ''}")
        and len((said := " ".join(wall.text_content().split())).split()) > 4  # noqa: PLR2004 -- an empty frame is none
    )


def _says(pattern: re.Pattern[str], line: str) -> bool:
    """Tell whether a line says this in its own voice."""
    return pattern.search(_QUOTED.sub("", line[:_LONGEST_LINE])) is not None


def _is_whole(pattern: re.Pattern[str], title: str) -> bool:
    """Tell whether a title says this and nothing else but the site's name."""
    return any(pattern.fullmatch(part) for part in _parts(title))


def _nothing(markup: Markup) -> StandIn:
    """Return what a page is whose words are too few."""
    seen = sum(weight(block) for block in markup.blocks)
    scripts = markup.tree.xpath("//script[@src or normalize-space()]")
    said = [*markup.blocks[:50], *(part.text_content() for part in markup.tree.xpath("//noscript")[:20])]
    if scripts and (seen < SHORTEST or any(_says(phrases.NEEDS_SCRIPTS, line) for line in said)):
        return _NEEDS_SCRIPTS
    return _TOO_SHORT if seen else _EMPTY


def _parts(title: str) -> list[str]:
    short = title[:300].strip()
    return [short, *(part.strip() for part in _SEPARATORS.split(short))]


def _listed(value: object) -> list[Mapping[str, Any]]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, dict)]


def _is_false(value: object) -> bool:
    return value is False or (isinstance(value, str) and _FALSE.fullmatch(value) is not None)


_CHALLENGE = StandIn(
    Problem.CHALLENGE,
    "asks whether its reader is a program instead of showing the article. Use the site's feed or API, or ask the site "
    "to let this bot through.",
)
_CONSENT_WALL = StandIn(
    Problem.CONSENT_WALL,
    "shows a request for consent to cookies instead of the article. Use the site's feed or API, or an address "
    "without it.",
)
_PAY_WALL = StandIn(
    Problem.PAY_WALL,
    "is behind a pay wall: the article is for subscribers. Leave it out, or give a source that you have a right to.",
)
_NOT_FOUND = StandIn(
    Problem.NOT_FOUND,
    "says that there is no such page, or leads to the front page, though the server claims success. Correct or remove "
    "the address.",
)
_LOGIN = StandIn(
    Problem.LOGIN,
    "asks for a login instead of showing the article. Give a public address, or an export of the articles.",
)
_NEEDS_SCRIPTS = StandIn(
    Problem.NEEDS_SCRIPTS,
    "has no words before scripts fill it, and no scripts are run. Use the site's feed or API, or save the page's text.",
)
_EMPTY = StandIn(Problem.EMPTY, "is an empty page. Check the address in a browser, or remove it.")
_TOO_SHORT = StandIn(
    Problem.TOO_SHORT, "has too few words for an article. Give the article's own address, or save its text as a file."
)
