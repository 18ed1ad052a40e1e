"""What a reader of a page sees of it, line by line: its whole text, where nothing in it is frame."""

from __future__ import annotations

from collections.abc import Iterator

from index.formats.html import HIDDEN, Element

_UNSEEN = frozenset(("script", "style", "noscript", "template", "head", "title", "svg", "iframe", "object"))
_INLINE = frozenset(
    "a abbr b bdi bdo br cite code data del dfn em font i ins kbd label mark q s samp small span strong sub sup time u "
    "var wbr".split()
)


def seen_blocks(tree: Element, most: int | None = None) -> list[str]:
    """Return what is to be read in the body of a page: a line for each block, none of them empty.

    Args:
        tree: The page's root.
        most: Blocks to look at; None for all.
    """
    blocks: list[str] = []
    words: list[str] = []
    for body in tree.xpath("//body")[:1]:
        hidden = {element for expression in HIDDEN for element in tree.xpath(expression)}
        for piece in _seen(body, hidden):
            if piece is not None:
                words.append(piece)
                continue
            blocks.append(" ".join("".join(words).split()))
            words = []
            if most is not None and len(blocks) > most:
                break
    blocks.append(" ".join("".join(words).split()))
    return [block for block in blocks if block]


def _seen(element: Element, hidden: set[Element]) -> Iterator[str | None]:
    """Yield what is to be read in an element, None where a block begins or ends; deep pages need no deep stack."""
    waiting: list[Element | str | None] = [element]
    while waiting:
        part = waiting.pop()
        if part is None or isinstance(part, str):
            yield part
            continue
        after = [part.tail] if part.tail and part is not element else []
        if not isinstance(part.tag, str) or part.tag in _UNSEEN or part in hidden:
            waiting.extend(after)
            continue
        edge = [] if part.tag in _INLINE else [None]
        inside = [*edge, *([part.text] if part.text else []), *part, *edge]
        waiting.extend(reversed([*inside, *after]))
