"""The markup of an article that stands in a feed or in an answer of a site's API -> its text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import SimpleNamespace

from index.formats.found import Unreadable, unforeseen
from index.formats.html import HIDDEN, Element, page_text

# Names of HTML to those that the extracted tree of a page has.
_NAMES = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt"), "head"),
    **dict.fromkeys(("ul", "ol", "menu"), "list"),
    **dict.fromkeys(("address", "article", "aside", "body", "center", "dd", "details", "div", "dl", "html"), "div"),
    **dict.fromkeys(("fieldset", "figcaption", "figure", "footer", "header", "hr", "main", "nav", "section"), "div"),
    "li": "item",
    "blockquote": "quote",
    "br": "lb",
    "pre": "code",
    "tr": "row",
    "td": "cell",
    "th": "cell",
}
_UNSAID = ("script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "form", "button", "head")

# A NUL, and what XML has no place for, would end the reading.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def fragment_text(markup: str, title: str = "", beside: Sequence[str] = ()) -> str:
    """Return what markup says: paragraphs, headings, lists and tables with blank lines between them.

    All of it counts, as it holds nothing but the article; but not what its reader does not see.

    Args:
        markup: HTML, whole or a piece; what somebody else wrote.
        title: The article's: a first block that only repeats it is left out.
        beside: XPath expressions of what is no part of the article.

    Raises:
        Unreadable: It cannot be read as HTML.
    """
    root = _tree(markup, beside)
    if root is None:
        return ""
    for element in list(root.iter()):
        if isinstance(element.tag, str):
            if element.tag == "ol":
                element.set("rend", "ol")
            element.tag = _NAMES.get(element.tag, element.tag)
    return page_text(SimpleNamespace(body=root), title)


def one_line(markup: str) -> str:
    """Return what markup says as one line; markup that cannot be read, as it is."""
    try:
        root = _tree(markup)
    except Unreadable:
        return markup
    return " ".join(root.text_content().split()) if root is not None else ""


def _tree(markup: str, beside: Sequence[str] = ()) -> Element | None:
    """Return the tree of the markup without what is not to be seen; None for nothing."""
    from lxml import etree, html

    text = _IMPOSSIBLE.sub("", markup)
    if not text.strip():
        return None
    try:
        root: Element = html.document_fromstring(f"<html><body><div>{text}</div></body></html>")
        hidden = [element for expression in [*HIDDEN, *beside] for element in root.xpath(expression)]
        unseen = list(root.iter(*_UNSAID, "title", etree.Comment, etree.ProcessingInstruction))
    except Exception as error:
        raise Unreadable(unforeseen(error, "markup")) from error
    for element in [*hidden, *unseen]:
        if element.getparent() is not None:
            element.drop_tree()
    return root
