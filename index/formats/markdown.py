"""Markdown files, as the plain text that a reader of the page sees."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from index.formats.encoding import decode
from index.formats.fields import make_article, read_title
from index.formats.files import SourceFile
from index.formats.found import Unreadable
from index.formats.front_matter import split_front_matter
from index.formats.text import WHITE_SPACE, join_blocks, list_item, title_from_name
from index.model import Article

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.tree import SyntaxTreeNode

# The limits below hold the parser's work to some ten times that of prose: 15 seconds for the worst article. Without
# them brackets, quotes and tags that never close cost it the square of their number, hours for a large file.
LONGEST = 500_000
"""Characters of the largest Markdown article, with its front matter: as many as a long novel has."""

# Characters of a paragraph whose signs are read, some 1,500 words; a longer one is kept as it is written.
_LONGEST_PARAGRAPH = 10_000

# Levels of quotes and lists in each other, where an item of a list is one and the list another.
_DEEPEST = 20

# Pieces that the parser finds, and twice its steps, for each character and beside them: prose takes 0.2 of them, lists
# and tables of single letters up to 3.
_MOST_WORK = 4
_FREE_WORK = 10_000

_SPACES = re.compile(r" {2,}")
_BREAK = re.compile(r"<br\b", re.IGNORECASE)

# What a page does not show; open to the end where it is not closed.
_UNSEEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1[^<>]*>|\Z)", re.IGNORECASE | re.DOTALL)

# A sign that opens no tag. HTMLParser looks for its end through all that follows, and for the next one's again.
_OPENS_NOTHING = re.compile(r"<(?![^<>]*>)")


def read_markdown(file: SourceFile) -> Article:
    """Read a Markdown file, with or without front matter.

    The title is the front matter's, else the first heading, else the file's name. A heading that begins the text and
    says the title is the title, and no part of the text.

    Raises:
        Unreadable: It holds no article.
    """
    text = decode(file.read())
    if len(text) > LONGEST:
        raise Unreadable(f"is Markdown of more than {LONGEST:,} characters. Split it, or give it as a .txt file.")
    fields, source = split_front_matter(text)
    document = _parse(source)
    heading = next((_plain(node) for node in document.children if node.type == "heading"), "")
    title = read_title(fields.get("title")) or read_title(heading) or title_from_name(file.name)
    return make_article({**fields, "title": title}, join_blocks(_blocks(document), title), default_id=file.name)


def plain_text(source: str) -> str:
    """Return Markdown as plain text: what it says, without the signs that say how to set it.

    Paragraphs, headings and lists are parted by a blank line; a list has a line for each item, a table for each row;
    code is kept as it is; of links and pictures the words remain; HTML loses its tags.
    """
    return join_blocks(_blocks(_parse(source)), title="")


def _parse(source: str) -> SyntaxTreeNode:
    from markdown_it.tree import SyntaxTreeNode

    return SyntaxTreeNode(_parser().parse(source))


def _parser() -> MarkdownIt:
    """Return a parser for one document, which gives up (`Unreadable`) on what no person writes."""
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import inline
    from markdown_it.token import Token

    steps = 0

    def watch(state: StateBlock, _start: int, _end: int, _silent: bool) -> bool:
        nonlocal steps
        steps += 1
        if state.level >= _DEEPEST:
            raise Unreadable("has quotes or lists too deep within each other. Flatten them.")
        if max(2 * steps, len(state.tokens)) > _MOST_WORK * len(state.src) + _FREE_WORK:
            raise Unreadable("has quotes, lists or tables too entangled to read. Simplify them.")
        return False

    def keep_long(state: StateCore) -> None:
        long = [t for t in state.tokens if t.type == "inline" and len(t.content) > _LONGEST_PARAGRAPH]
        for token in long:
            token.type = "text"
        inline(state)
        for token in long:
            token.type = "inline"
            token.children = [Token("text", "", 0, content=token.content)]

    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST + 2}).enable(["table", "strikethrough"])
    parser.block.ruler.before("table", "watch", watch, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    parser.core.ruler.at("inline", keep_long)
    return parser


def _blocks(node: SyntaxTreeNode) -> list[str]:
    """Return the blocks of plain text in a node, none of them empty."""
    match node.type:
        case "paragraph" | "heading":
            blocks = [_plain(node)]
        case "bullet_list" | "ordered_list":
            blocks = [_list(node)]
        case "table":
            blocks = ["\n".join(_row(row) for section in node.children for row in section.children)]
        case "fence" | "code_block":
            blocks = [node.content.strip("\n")]
        case "html_block":
            blocks = _without_tags(node.content)
        case _:
            blocks = [block for child in node.children for block in _blocks(child)]
    return [block for block in blocks if block.strip()]


def _list(node: SyntaxTreeNode) -> str:
    number = int(node.attrs.get("start", 1))
    items = (_blocks(item) for item in node.children)
    return "\n".join(
        list_item(f"{position}. " if node.type == "ordered_list" else "- ", blocks)
        for position, blocks in enumerate(items, start=number)
        if blocks
    )


def _row(node: SyntaxTreeNode) -> str:
    return " | ".join(_plain(cell) for cell in node.children).strip()


def _plain(node: SyntaxTreeNode) -> str:
    """Return the words of a paragraph, a heading or a cell; lines that are only wrapped become one."""
    words: list[str] = []
    for part in node.walk():
        match part.type:
            case "text" | "code_inline":
                words.append(part.content)
            case "softbreak":
                words.append(" ")
            case "hardbreak":
                words.append("\n")
            case "html_inline" if _BREAK.match(part.content):
                words.append("\n")
    return "\n".join(_SPACES.sub(" ", line).strip() for line in "".join(words).split("\n")).strip()


class _TagStripper(HTMLParser):
    """Collects what a piece of HTML says, a line for each block."""

    # The inline elements of HTML but those that break a line: what is in any other stands apart.
    _INLINE = frozenset(
        {"a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "i", "img", "ins", "kbd", "mark"}
        | {"q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr"}
    )

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self._INLINE:
            self.said.append("\n")
        if tag == "img":
            self.said.append(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._INLINE:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        self.said.append(WHITE_SPACE.sub(" ", data))


def _without_tags(html: str) -> list[str]:
    stripper = _TagStripper()
    seen = _UNSEEN.sub(lambda unseen: "<br>" if unseen[1] else "", html)
    stripper.feed(_OPENS_NOTHING.sub("&lt;", seen))
    stripper.close()
    return [line.strip() for line in "".join(stripper.said).split("\n") if line.strip()]
