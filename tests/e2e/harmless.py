"""What holds of every answer on every surface, whatever stands in articles and questions."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from functools import partial

from rich.console import Console

from bot.answer_json import answer_to_json, json_text
from bot.ask import Asker
from bot.buttons import QuoteId
from bot.markup import clean, clean_lines, plain_lines, web_address
from bot.message import Rendered
from bot.model import Answer
from bot.prompts import load_prompts
from bot.reading import read
from bot.render import render_answer
from bot.render_passage import render_passage
from bot.terminal import show_answer
from tests.bot.test_render import assert_fits_discord, assert_harmless, shown
from tests.e2e.attacks import SAID

PROMPTS = load_prompts()

# What the bot itself says around quotes and sources.
OWN_WORDS = {
    "",
    "**Sources**",
    *(PROMPTS.text(f"answer.{name}") for name in ("related", "nothing", "try_again")),
}
_NEEDED = {"\u200c", "\u200d", "\n"}
# The bot's own: what keeps an @ from pinging, and what sets apart words that are written from the right.
_OWN_MARKS = "\u200b\u2068\u2069"


def assert_inert(text: str, *, but: str = "") -> None:
    """Nothing in a text is obeyed by a terminal or turns its direction."""
    for character in text:
        if character not in _NEEDED and character not in but:
            category = unicodedata.category(character)
            assert category not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}, (hex(ord(character)), text)


def assert_seen(text: str, *, but: str = "") -> None:
    """Nothing stands in a text unseen, turns its direction, covers the lines around or is obeyed by a terminal."""
    assert_inert(text, but=but)
    assert not re.search(r"[\u034f\u115f\u1160\u2800\u3164\uffa0\U000e0100-\U000e01ef]", text)
    assert not re.search(r"[\u0300-\u036f]{7}", text), "marks cover the lines around"


def assert_verbatim(answer: Answer, asker: Asker) -> None:
    """Every quote stands in its article, word for word, where it says."""
    for citation in answer.citations:
        found = asker.passage(citation.passage_id)
        assert found is not None
        article, _ = found
        assert citation.quote == article.text[citation.start : citation.end] != ""
        assert (citation.article_id, citation.title, citation.url) == (article.id, article.title, article.url)
        assert article.url is None or re.match(r"https?://[^@\s]+$", article.url)


def assert_safe_as_json(answer: Answer) -> None:
    """A program reads every character of it; a terminal that it is printed to obeys none."""
    printed = json_text(answer_to_json(answer))

    assert answer_to_json(answer) == json.loads(printed)
    assert "\n" not in printed
    assert_inert(printed)


def printed(answer: Answer, width: int = 100) -> str:
    """Return what a terminal gets, without the colours of our own."""
    out = io.StringIO()
    show_answer(Console(file=out, force_terminal=True, color_system=None, width=width), answer, PROMPTS)
    return out.getvalue()


def assert_safe_on_a_terminal(answer: Answer) -> None:
    """Quotes, sources and addresses stand there as text, and nothing else does."""
    text = printed(answer)
    # White space at a line's end or of other kinds is how the terminal breaks lines, not what was written.
    flat = " ".join(text.split())

    assert_seen(text)
    for citation in answer.citations:
        assert " ".join(f"“{clean(citation.quote)}”".split())[:60] in flat
    addresses = {web_address(citation.url) for citation in answer.citations}
    assert set(re.findall(r"^    (\S+://\S+)$", text, re.MULTILINE)) <= addresses


def assert_safe_message(message: Rendered, addresses: set[str | None]) -> None:
    """A message fits Discord, pings nobody, leads nowhere but to its articles, and hides nothing."""
    assert_fits_discord(message)
    for markdown in (message.title, message.description):
        assert_harmless(markdown)
        assert_seen(markdown, but=_OWN_MARKS)
    assert_seen(message.footer, but=_OWN_MARKS)
    assert not re.search(r"@(?!\u200b)", message.footer + "".join(button.label for button in message.buttons))
    linked = {*filter(None, [message.url]), *re.findall(r"(?<!\\)\]\((.*?)\)", message.description)}
    # An address goes on to the quoted words, of which nothing but letters, digits and their codes are left.
    assert {re.sub(r"#?:~:text=[\w.~%,-]+$", "", address, flags=re.ASCII) for address in linked} <= addresses


def assert_safe_on_discord(answer: Answer, asker: Asker) -> None:
    """The answer's message holds quotes, sources and the bot's own words; each button shows a passage as harmlessly."""
    message = render_answer(answer, PROMPTS)
    addresses = {web_address(citation.url) for citation in answer.citations}
    quotes = dict(re.findall(r"^> \*\*\[(\d+)\](?: earlier:)?\*\* (.*)$", message.description, re.MULTILINE))
    others = re.sub(r"^> \*\*\[\d+\](?: earlier:)?\*\* .*$", "", message.description, flags=re.MULTILINE)
    own = re.sub(r"^(\*\*\[\d+\]\*\* )+(?!\*).+$", "", others, flags=re.MULTILINE)

    assert_safe_message(message, addresses)
    assert clean(answer.question.text).startswith(shown(message.title).removesuffix("…").rstrip())
    assert {str(citation.n) for citation in answer.citations} == set(quotes)
    for citation in answer.citations:
        assert clean(citation.quote).startswith(shown(quotes[str(citation.n)]).removesuffix("…").rstrip())
    assert set(own.split("\n")) <= OWN_WORDS | set(plain_lines(answer.text).split("\n"))
    quoting = [button for button in message.buttons if button.custom_id.startswith("fn:p:")]
    for button, citation in zip(quoting, answer.citations, strict=True):
        pressed = QuoteId.read(button.custom_id)
        assert pressed
        reading = asker.look(partial(read, pressed))
        assert reading
        passage = render_passage(reading, PROMPTS)
        assert_safe_message(passage, {web_address(citation.url)})
        assert "**" in passage.description, "the quote stands out"
        assert not re.search(r"^(?:-#|[#>+=-]|\d+[.)])", passage.description, re.MULTILINE), "no line is a heading"
        assert clean_lines(citation.quote)[:40].split("\n")[0] in shown(passage.description)


def assert_harmless_everywhere(answer: Answer, asker: Asker) -> None:
    """Everything above."""
    assert_verbatim(answer, asker)
    assert_safe_as_json(answer)
    assert_safe_on_a_terminal(answer)
    assert_safe_on_discord(answer, asker)
    # Around the quotes stand the bot's own texts, so nothing that it was told to say; titles are named by lists, and by
    # a question that was understood as one on an article.
    assert answer.reply or answer.understood or SAID not in answer.text
