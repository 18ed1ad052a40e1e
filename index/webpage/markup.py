"""What a page states of itself in its markup, beside the words that it shows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urljoin, urlsplit

from index.formats.html import Element
from index.formats.seen import seen_blocks
from index.formats.text import WHITE_SPACE
from index.webpage.address import page_key

# Characters of all structured data of a page that are looked at, and objects in it: pages have some thousands and tens.
_MOST_DATA = 1_000_000
_MOST_ITEMS = 500

_MOST_META = 500
_MOST_BLOCKS = 5_000

_ARTICLE = re.compile(r"(https?://schema\.org/)?(\w*(Article|Posting|Report|Review)|WebPage|CreativeWork|Recipe|HowTo)")
_REFRESH = re.compile(r"""\s*(\d{1,5})(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?["']?([^"'\s][^"']*)""", re.IGNORECASE)


class Markup:
    """The tree of one page with what is read from it more than once.

    Attributes:
        tree: The page's root element.
        url: The address that it came from; what it links to is relative to that, or to its own `<base>`.
    """

    def __init__(self, tree: Element, url: str) -> None:
        self.tree = tree
        self.url = url

    def linked(self, relation: str) -> list[str]:
        """Return the http(s) addresses that the page links to as its `relation` (`canonical`, `amphtml`), whole."""
        links = self.tree.xpath("//link[@rel and @href]")
        named = (link.get("href") for link in links if relation in link.get("rel").lower().split())
        return [address for href in named if (address := self.address(href))]

    def address(self, reference: str) -> str | None:
        """Return what the page refers to as a whole address; None where that is not http or https."""
        try:
            address = urljoin(self._base, reference.strip())
            parts = urlsplit(address)
        except ValueError:
            return None
        return address if parts.scheme in ("http", "https") and parts.hostname else None

    def meta(self, *names: str) -> list[str]:
        """Return what `<meta>` elements of these names (or properties) say, in the order of the page."""
        return [content for name, content in self._meta if name in names]

    @cached_property
    def _meta(self) -> list[tuple[str, str]]:
        found = []
        for element in self.tree.xpath("//meta[@content]")[:_MOST_META]:
            name = element.get("name") or element.get("property") or element.get("itemprop") or ""
            found.append((name.strip().lower(), WHITE_SPACE.sub(" ", element.get("content")).strip()))
        return found

    @cached_property
    def _base(self) -> str:
        bases = self.tree.xpath("//head/base/@href")
        try:
            return urljoin(self.url, bases[0].strip()) if bases else self.url
        except ValueError:
            return self.url

    @cached_property
    def items(self) -> list[Mapping[str, Any]]:
        """What the page states as structured data (JSON-LD, schema.org): its objects, graphs taken apart."""
        found: list[Mapping[str, Any]] = []
        left = _MOST_DATA
        for script in self.tree.xpath("//script[@type]"):
            text = (script.text or "").strip()
            if script.get("type").split(";")[0].strip().lower() != "application/ld+json" or len(text) > left:
                continue
            left -= len(text)
            try:
                found.extend(_objects(json.loads(text, strict=False)))
            except (ValueError, RecursionError):
                continue  # Broken data is common, and says nothing.
        return found[:_MOST_ITEMS]

    @cached_property
    def articles(self) -> list[Mapping[str, Any]]:
        """Those of `items` that are about this page's article and not about another that it links to."""
        return [item for item in self.items if _is_article(item) and self._is_own(item)]

    @property
    def says_article(self) -> bool:
        """Whether the page states that it is an article."""
        stated = (str(item.get("@type")) for item in self.articles)
        return "article" in self.meta("og:type") or any("WebPage" not in kind for kind in stated)

    def _is_own(self, item: Mapping[str, Any]) -> bool:
        """Tell whether a stated object is about this page: it names no address, or one of this page's."""
        own = {page_key(address) for address in [self.url, *self.linked("canonical"), *self.linked("amphtml")]}
        main = item.get("mainEntityOfPage")
        named = [item.get("url"), item.get("@id"), main.get("@id") if isinstance(main, dict) else main]
        addresses = [address for name in named if isinstance(name, str) and (address := self.address(name))]
        return not addresses or any(page_key(address) in own for address in addresses)

    @cached_property
    def titles(self) -> list[str]:
        """What the page calls itself: its title, first headings and the title that it shares, each as one line."""
        headings = [" ".join(h.text_content().split()) for h in self.tree.xpath("//body//h1")[:3]]
        named = [" ".join(title.text_content().split()) for title in self.tree.xpath("//head/title")[:1]]
        return [title for title in [*named, *headings, *self.meta("og:title")] if title]

    @cached_property
    def blocks(self) -> list[str]:
        """What a reader of the page sees, frame and all: a line for each block, none of them empty."""
        return seen_blocks(self.tree, _MOST_BLOCKS)

    @cached_property
    def controls(self) -> list[str]:
        """What the buttons say, and links that serve as such."""
        buttons = self.tree.xpath("//body//*[self::button or self::a or @role='button']")[:_MOST_BLOCKS]
        inputs = self.tree.xpath("//body//input[@type='submit' or @type='button']/@value")
        said = (" ".join(button.text_content().split()) for button in buttons)
        return [text for text in [*said, *inputs] if 0 < len(text) <= 60]  # noqa: PLR2004 -- longer is no button

    @cached_property
    def refresh(self) -> tuple[int, str] | None:
        """The seconds after which the page sends its reader on, and the address; None if it does not."""
        for element in self.tree.xpath("//meta[@http-equiv and @content][not(ancestor::noscript)]"):
            if element.get("http-equiv").strip().lower() == "refresh" and (
                match := _REFRESH.match(element.get("content"))
            ):
                address = self.address(match[2])
                return (int(match[1]), address) if address else None
        return None


def _is_article(item: Mapping[str, Any]) -> bool:
    types = item.get("@type")
    names = types if isinstance(types, list) else [types]
    return any(isinstance(name, str) and _ARTICLE.fullmatch(name) for name in names)


def _objects(data: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(data, list):
        for each in data[:_MOST_ITEMS]:
            if isinstance(each, dict):
                yield from _objects(each)
    elif isinstance(data, dict):
        yield data
        graph = data.get("@graph")
        if isinstance(graph, list):
            yield from (each for each in graph[:_MOST_ITEMS] if isinstance(each, dict))
