"""Pages as HTML. The template escapes everything foreign; on top of that, the policy forbids scripts and requests."""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from bot.links import ANCHOR, Span
from bot.markup import clean, web_address
from bot.pages.article import Past, part_of, visible
from bot.prompts import Prompts
from index import Article, language_by_script

if TYPE_CHECKING:
    from index import Version

# Characters of an article from which the language it is written in is told.
_SAMPLE = 2_000
# Versions that a page tells of beside the first.
_VERSIONS = 10


def article_page(
    article: Article,
    past: Past,
    spans: Sequence[Span],
    prompts: Prompts,
    part_address: Callable[[int], str],
    number: int | None = None,
) -> str:
    """Return the page of an article.

    Args:
        article: The article.
        past: How it was before.
        spans: The quotes to set off; where its text has changed since they were taken, the page says so.
        prompts: The bot's texts, in the reader's language.
        part_address: Return where another part of the article is.
        number: Which part to show, from 1; the one with the first quote if not given.
    """
    original = web_address(article.url)
    day = prompts.day(article.published) if article.published else ""
    names = (clean(name) for name in article.authors)
    title = clean(article.title) or prompts.text("answer.untitled")
    return _page().render(
        article=article,
        title=title,
        direction=_direction(title),
        source=clean(article.source or ""),
        byline=[item for item in (day, *names) if item],
        original=original,
        host=urlsplit(original).hostname if original else "",
        part=part_of(article, spans, number),
        lost=[visible(words) for words in past.lost],
        changed=prompts.day(past.versions[-1].seen_at.date()) if len(past.versions) > 1 else "",
        history=list(_history(past.versions, prompts)),
        part_address=part_address,
        anchor=_anchor,
        language=prompts.language,
        text_language=language_by_script(article.text[:_SAMPLE]),
        text=prompts.text,
        style=_style(),
    )


def _history(versions: Sequence[Version], prompts: Prompts) -> Iterator[str]:
    """Yield a sentence for each version, the first one first; for the last ones alone where there are very many."""
    if not versions:
        return
    yield prompts.text("page.first", day=prompts.day(versions[0].seen_at.date()))
    for version in versions[1:][-_VERSIONS:]:
        what = [prompts.text(f"page.field_{name}") for name in version.fields if name != "text"]
        if "text" in version.fields:
            what.append(prompts.text("page.sentences", added=version.added, removed=version.removed))
        day = prompts.day(version.seen_at.date())
        yield prompts.text("page.revised", day=day, what=", ".join(what)) if what else day


def notice_page(name: str, prompts: Prompts) -> str:
    """Return a page that tells why there is no article.

    Args:
        name: Which of the texts `page.NAME` and `page.NAME_title`.
        prompts: The bot's texts, in the reader's language.
    """
    return _page().render(
        title=prompts.text(f"page.{name}_title"),
        message=prompts.text(f"page.{name}"),
        language=prompts.language,
        style=_style(),
    )


@cache
def policy() -> str:
    """Return the Content-Security-Policy of every page: nothing but the page's own style."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode("ascii")
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


@cache
def _style() -> Markup:
    return Markup((Path(__file__).parent / "page.css").read_text("utf-8"))  # noqa: S704  # our own file


@cache
def _page() -> Template:
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=FileSystemLoader(Path(__file__).parent),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html")


def _direction(text: str) -> str:
    """Return which way a text is written, as its first letter tells."""
    strong = (unicodedata.bidirectional(character) for character in text)
    return "rtl" if next((kind for kind in strong if kind in {"L", "R", "AL"}), "L") != "L" else "ltr"


def _anchor(quote: int) -> str:
    name = ANCHOR.removeprefix("#")
    return name if quote == 1 else f"{name}-{quote}"
