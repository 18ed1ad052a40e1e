"""Reading one page."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote, urlsplit

from index.formats.docx import docx_article
from index.formats.epub import epub_article
from index.formats.fields import make_article, read_title
from index.formats.files import LARGEST_ARTICLE
from index.formats.found import Unreadable, printable, shown, unforeseen
from index.formats.html import Element, Extracted, decode_page, extract, page_text
from index.formats.pdf import pdf_article
from index.model import Article
from index.webpage.address import canonical_url, is_front_page, page_key, same_site
from index.webpage.dates import dated
from index.webpage.markup import Markup
from index.webpage.standin import Problem, StandIn, paid_parts, stand_in

_PAGES = frozenset(("", "text/html", "application/xhtml+xml", "application/xml", "text/xml"))


# Documents that are articles by themselves, by their type.
_DOCUMENTS: Mapping[str, Callable[..., Article]] = {
    "application/pdf": pdf_article,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": docx_article,
    "application/epub+zip": epub_article,
}


@dataclass(frozen=True, slots=True)
class Page:
    """What one page gives.

    Attributes:
        address: Where it came from, after redirects.
        url: The article's own address: the canonical one that the page names, else `address`, in one spelling.
        article: The article; None where there is none, and `problem` says why.
        problem: What the page is instead of an article.
        canonical: The address that the page names as canonical, if that is on the same site.
        variants: Other addresses of the article that the page names (AMP), in one spelling.
        redirect: Where the page sends its reader on to, for `Problem.REDIRECT`. Nobody has checked the address.
        dated_by: By what the article's date is known, see `index.webpage.dates`; None for one without.
        noindex: The page asks not to be found by search engines.
        notes: What an operator may want to know beside that, as sentences that go on from the address.
    """

    address: str
    url: str
    article: Article | None = None
    problem: StandIn | None = None
    canonical: str | None = None
    variants: tuple[str, ...] = ()
    redirect: str | None = None
    dated_by: str | None = None
    noindex: bool = False
    notes: tuple[str, ...] = ()


def read_page(
    content: bytes | str,
    url: str,
    *,
    content_type: str = "",
    charset: str = "",
    asked: str | None = None,
    publisher: str | None = None,
    published: date | None = None,
    paid: bool = False,
) -> Page:
    """Read the article on a page, or a PDF, DOCX or EPUB. Never raises: what is wrong with it is its `problem`.

    The article's id comes from what all its addresses have in common (`page_key`), so that the AMP page and the page
    itself are one article.

    Args:
        content: The page as it was sent, or its text.
        url: Where it came from, after redirects.
        content_type: As the server named it, with or without parameters; empty if it did not.
        charset: The encoding that the server named.
        asked: The address that was asked for; `url` if that is the same.
        publisher: The publisher's name, if the operator gave one: it goes before the site's.
        published: The day a feed or sitemap gives, for a page that states none.
        paid: The operator may have what is behind pay walls.
    """
    kind = content_type.partition(";")[0].strip().lower()
    address = canonical_url(url)
    try:
        if isinstance(content, bytes) and (document := _document(kind, content)):
            return _of_document(document, content, url, publisher, published)
        if kind not in _PAGES:
            reason = f"is {shown(kind)} and no web page. Leave it out, or save it as a file of a format that is read."
            return Page(url, address, problem=StandIn(Problem.NOT_A_PAGE, reason))
        tree = _tree(content, charset)
        if tree is None:
            return Page(
                url, address, problem=StandIn(Problem.EMPTY, "is an empty page. Check the address, or remove it.")
            )
        return _Reading(Markup(tree, url), asked or url, publisher, published, paid).page()
    except Unreadable as unreadable:
        return Page(url, address, problem=StandIn(Problem.UNREADABLE, unreadable.reason))
    except Exception as error:
        return Page(url, address, problem=StandIn(Problem.UNREADABLE, unforeseen(error, printable(url))))


def _document(kind: str, content: bytes) -> Callable[..., Article] | None:
    """Return what reads this kind of document; None for a page."""
    return pdf_article if content.startswith(b"%PDF-") else _DOCUMENTS.get(kind)


def _of_document(
    read: Callable[..., Article], content: bytes, url: str, publisher: str | None, published: date | None
) -> Page:
    """Return what a document at an address gives; a day that a listing gives goes before the day it was made."""
    address = canonical_url(url)
    name = unquote(urlsplit(address).path).rstrip("/").rpartition("/")[2]
    fields = {"id": _article_id(address), "url": address, "source": publisher, "published": published}
    article = read(content, name or address, fields)
    by = None if article.published is None else "listing" if published else "document"
    return Page(url, address, article=article, dated_by=by)


def _article_id(url: str) -> str:
    return f"url-{hashlib.blake2b(page_key(url).encode('utf-8', 'replace'), digest_size=12).hexdigest()}"


def _tree(content: bytes | str, charset: str) -> Element | None:
    from trafilatura import load_html

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    if len(content) > LARGEST_ARTICLE:
        raise Unreadable(f"is larger than {LARGEST_ARTICLE // 1_000_000} MB, the most for one article. Leave it out.")
    text = content if isinstance(content, str) else decode_page(content, charset)
    return load_html(text) if text.strip() else None


@dataclass(slots=True)
class _Reading:
    """One page in the course of being read, with what is known of it from elsewhere."""

    markup: Markup
    asked: str
    publisher: str | None
    published: date | None
    paid: bool

    def page(self) -> Page:
        markup = self.markup
        canonical, notes = self._canonical()
        url = canonical or canonical_url(markup.url)
        noindex = any(
            rule.strip().lower() in {"noindex", "none"}
            for rules in markup.meta("robots", "footnote")
            for rule in rules.split(",")
        )
        if noindex:
            notes.append("asks not to be found by search engines (noindex).")
        hidden = [] if self.paid else [_of_class(name) for name in paid_parts(markup)]
        extracted = extract(markup.tree, hidden)
        title = read_title(extracted.title) if extracted else ""
        text = page_text(extracted, title) if extracted else ""
        problem = stand_in(markup, text, asked=self.asked, paid=self.paid)
        day = None if problem else dated(markup, url) or (self.published and (self.published, "listing"))
        article = None if problem or not extracted else self._article(extracted, title, text, url, day and day[0])
        return Page(
            markup.url,
            url,
            article=article,
            problem=problem,
            canonical=canonical,
            variants=tuple(canonical_url(address) for address in markup.linked("amphtml")),
            redirect=markup.refresh[1] if problem and problem.problem is Problem.REDIRECT and markup.refresh else None,
            dated_by=day[1] if day else None,
            noindex=noindex,
            notes=tuple(notes),
        )

    def _canonical(self) -> tuple[str | None, list[str]]:
        """Return the canonical address that the page names, and what is to be said of one that cannot be it."""
        markup = self.markup
        named = markup.linked("canonical") or [each for og in markup.meta("og:url") if (each := markup.address(og))]
        notes = []
        for address in dict.fromkeys(map(canonical_url, named)):
            if not same_site(address, markup.url):
                notes.append(f"names {shown(address)} as its original, which is on another site.")
            elif is_front_page(address) and not is_front_page(markup.url):
                notes.append("names the front page as its canonical address, which it is not.")
            else:
                return address, notes
        return None, notes

    def _article(self, page: Extracted, title: str, text: str, url: str, day: date | None) -> Article:
        fields = {
            "title": title,
            "url": url,
            "published": day,
            "source": self.publisher or page.sitename,
            "authors": page.author,
        }
        return make_article(fields, text, default_id=_article_id(url))


def _of_class(name: str) -> str:
    return f"//body//*[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]"
