"""Messages as a reader of the code can look at them: a change of any word or mark shows."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.lead import Search
from bot.message import Rendered
from bot.model import Answer, Citation, Question, Side, Status
from bot.prompts import load_prompts
from bot.reading import Reading
from bot.render import render_answer, render_help
from bot.render_passage import render_passage
from index import Article, Filter, Passage, Summary

PROMPTS = load_prompts()
SUMMARY = Summary(
    "g1", 1234, 5678, date(2025, 2, 11), date(2026, 10, 6), 3, {"The Harbour Post": 1000, "Radio Varr": 234}, "m", ""
)
FOUND = Article(
    "found",
    "Astrolabe found at the station, two arrested",
    "The astrolabe has been found in a cello case.\n\nTwo people were arrested. “It is undamaged,” said the museum.\n"
    "It goes back on display in March.",
    "https://radiovarr.example/2026/found",
    date(2026, 1, 22),
    "Radio Varr",
)
HOSTILE = Article(
    "hostile",
    "[Win](https://evil.example) @everyone **now** \u202eevil\u202c",
    "> Ping <@1> and @here, see https://evil.example or <#2>!\n# Big `code` ||spoiler|| [x](y)\nLast line.",
    "https://user:secret@evil.example/",
    None,
    "*Evil* <t:0> News",
)
HARMLESS = Article(
    "second",
    "Report of the museum (extended)",
    "Case no. 1: 5 > 3.",
    "https://museum.example/a_(b)?x=1#y",
    None,
    None,
)


def cite(n: int, article: Article, quote: str) -> Citation:
    start = article.text.index(quote)
    return Citation(
        n=n,
        article_id=article.id,
        title=article.title,
        url=article.url,
        source=article.source,
        published=article.published,
        passage_id=hashlib.md5(article.id.encode()).hexdigest(),
        quote=quote,
        start=start,
        end=start + len(quote),
    )


def answer(status: Status, *citations: Citation, text: str = "", where: Filter | None = None) -> Answer:
    question = Question("Where was the *astrolabe* found?", filter=where or Filter())
    return Answer(question, status, 0.7, text, citations, (), SUMMARY)


def as_text(message: Rendered) -> str:
    buttons = [
        f"({' '.join(filter(None, (button.emoji, button.label)))}) {button.custom_id or button.url}"
        for button in message.buttons
    ]
    parts = [f"#{message.color:06x}", message.title, message.url or "", message.description, message.footer, *buttons]
    return "\n".join(parts).replace("\u200b", "<U+200B>")


ANSWERS = {
    "answered": answer(
        Status.ANSWERED,
        cite(1, FOUND, "The astrolabe has been found in a cello case."),
        cite(2, FOUND, "“It is undamaged,” said the museum.\nIt goes back on display in March."),
        cite(3, HARMLESS, "Case no. 1: 5 > 3."),
    ),
    "with a lead": answer(
        Status.ANSWERED,
        cite(1, FOUND, "The astrolabe has been found in a cello case."),
        text="It was found in a cello case [1], as some say [9].",
    ),
    "with an age": replace(
        answer(Status.ANSWERED, cite(1, FOUND, "Two people were arrested."), cite(2, HARMLESS, "Case no. 1: 5 > 3.")),
        search=Search(date(2026, 1, 25), None, Filter(), False, SUMMARY),
        searched=replace(SUMMARY, built_at="2026-01-24T23:00:00+00:00"),
    ),
    "accounts that differ": answer(
        Status.ANSWERED,
        replace(
            cite(1, FOUND, "Two people were arrested."), side=Side.LATER, also=("Coastwire", "The *Evil* @here Post")
        ),
        replace(cite(2, HARMLESS, "Case no. 1: 5 > 3."), side=Side.EARLIER),
        text="The articles disagree: [1] is the later account, [2] the earlier one.",
    ),
    "nothing, with a lead": answer(Status.NOTHING, text="“this week”: 1–7 Mar 2026."),
    "related": answer(Status.RELATED, cite(1, FOUND, "Two people were arrested.")),
    "nothing": answer(Status.NOTHING),
    "nothing, narrowed down": answer(
        Status.NOTHING, where=Filter(date(2026, 1, 1), date(2026, 12, 31), ("Radio Varr", "The @everyone Post"))
    ),
    "hostile": answer(Status.ANSWERED, cite(1, HOSTILE, HOSTILE.text)),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_looks_as_it_did(name: str, snapshot: SnapshotAssertion) -> None:
    assert as_text(render_answer(ANSWERS[name], PROMPTS)) == snapshot


@pytest.mark.parametrize(
    ("article", "quote"),
    [
        pytest.param(FOUND, "Two people were arrested.", id="found"),
        pytest.param(HOSTILE, "# Big `code` ||spoiler|| [x](y)", id="hostile"),
    ],
)
def test_a_passage_looks_as_it_did(article: Article, quote: str, snapshot: SnapshotAssertion) -> None:
    start = article.text.index(quote)
    passages = [Passage("0a" * 16, article.id, 0, len(article.text)), Passage("0b" * 16, article.id, 0, 1)]
    reading = Reading(article, passages, 0, (start, start + len(quote)))

    assert as_text(render_passage(reading, PROMPTS, today=date(2026, 3, 1))) == snapshot


def test_help_looks_as_it_did(snapshot: SnapshotAssertion) -> None:
    assert as_text(render_help(SUMMARY, PROMPTS)) == snapshot
