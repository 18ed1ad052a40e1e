"""`footnote ask`: one question for a person or a program, or a batch of them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from bot.start import ANSWERED, FAILURE, UNANSWERED, console, fail, open_asker, read_settings, read_texts, refuse
from index.rebuild import AsJson, Home

if TYPE_CHECKING:
    from datetime import date

    from bot.ask import Asker
    from bot.model import Answer
    from bot.prompts import Prompts
    from index import Filter

# Publishers that are named to somebody who asked for one that is not there.
_NAMED = 10


def ask(
    question: Annotated[
        str | None, typer.Argument(metavar="QUESTION", help="What you want to know.", show_default=False)
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only articles of this day and later: 2026-01-31, Jan 2026, …")
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Only articles of this day and earlier.")] = None,
    source: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only this publisher; may be given several times.")
    ] = None,
    batch: Annotated[
        str | None, typer.Option(metavar="FILE", help="Answer every line of a JSON Lines file; - reads standard input.")
    ] = None,
    lang: Annotated[
        str | None,
        typer.Option(metavar="LANG", help="Language of what is said around the quotes: en, de, es, fr, ja."),
    ] = None,
    generate: Annotated[
        bool, typer.Option("--generate/--no-generate", help="Whether a configured language model words the answer.")
    ] = True,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Ask the articles one question, or many with --batch; without either, on a terminal, one after the other.

    \b
    Examples:
      footnote ask 'How high did the water rise in Tollen?'
      footnote ask 'Who won?' --since 2026-01-01 --source 'The Harbour Post'
      footnote ask 'Who won?' --json
      footnote ask --batch questions.jsonl > answers.jsonl
      footnote ask      asks for questions and understands follow-ups; an empty line ends it

    \b
    A line of a batch is {"question": …}, with an "id" and the day it was "asked_at"
    if you like; its answer is one line, in the same order.
    "conversation": [earlier questions] has it understood as a follow-up of those.

    \b
    Exit status:
      0  answered; with --batch: every line was, whatever the answers say; the end of a conversation
      1  it failed; with --batch: also when a line has an error in its place
      2  the question or an option cannot be read
      3  not answered: related passages were found, or nothing
    """  # noqa: D301 - click's mark for "do not rewrap"
    from bot.ask import QuestionRefused, read_question
    from bot.catalogues import locale_of_environment

    talking = question is None and batch is None and sys.stdin.isatty()
    if (question is None) == (batch is None) and not talking:
        refuse("Give either a question or --batch FILE.")
    where = _filter(since, until, source)
    settings = read_settings({"home": home, "bot": {"language": lang}})
    prompts = read_texts(settings).for_locale(locale_of_environment())
    if batch is not None:
        # Opened first: loading a model only to find no file would be a waste.
        with _opened(batch) as lines, closing(open_asker(settings, generate=generate)) as asker:
            _require_sources(asker, where)
            raise typer.Exit(_ask_batch(lines, asker, where))
    if talking:
        with closing(open_asker(settings, generate=generate)) as asker:
            _require_sources(asker, where)
            _converse(asker, where, as_json, prompts)
        return
    try:
        asked = read_question(question or "", where=where, language=prompts.language)
    except QuestionRefused as error:
        refuse(str(error))
    from index import IndexFailure

    with closing(open_asker(settings, generate=generate)) as asker:
        _require_sources(asker, where)
        try:
            answer = asker.ask(asked)
        except IndexFailure as error:
            fail(str(error))
    _shower(as_json, prompts)(answer)
    raise typer.Exit(ANSWERED if answer.status == "answered" else UNANSWERED)


def _shower(as_json: bool, prompts: Prompts) -> Callable[[Answer], None]:
    """Return what prints an answer: as JSON on a line, or for a person."""
    from bot.answer_json import answer_to_json, json_text
    from bot.terminal import show_answer

    if as_json:
        return lambda answer: print(json_text(answer_to_json(answer)), flush=True)
    screen = console()
    return lambda answer: show_answer(screen, answer, prompts)


def _converse(asker: Asker, where: Filter, as_json: bool, prompts: Prompts) -> None:
    from bot.session import converse
    from index import IndexFailure

    with suppress(ImportError):
        import readline  # noqa: F401 - lets lines be edited and called back
    # On standard error: what stands on standard output is answers.
    say = console(standard_error=True).print
    say("Ask, and ask on: follow-ups are understood. An empty line ends it.", style="dim")

    def read() -> str:
        if sys.stdout.isatty():
            return input("\n> ")
        print("\n> ", end="", file=sys.stderr, flush=True)
        return input()

    try:
        converse(
            lambda question: asker.ask(replace(question, filter=where, language=prompts.language)),
            read=read,
            show=_shower(as_json, prompts),
            refuse=lambda reason: say(reason, markup=False),
        )
    except IndexFailure as error:
        fail(str(error))


def _ask_batch(lines: BinaryIO, asker: Asker, where: Filter) -> int:
    from bot.answer_json import json_text
    from bot.batch import answer_lines
    from index import IndexFailure

    failed = False
    try:
        for answer in answer_lines(lines, asker, where):
            failed = failed or "error" in answer
            print(json_text(answer), flush=True)
    except IndexFailure as error:
        fail(str(error))
    return FAILURE if failed else ANSWERED


def _opened(batch: str) -> BinaryIO:
    if batch == "-":
        return sys.stdin.buffer
    try:
        return Path(batch).open("rb")
    except OSError as error:
        refuse(f"{batch} cannot be read: {error.strerror}.")


def _filter(since: str | None, until: str | None, sources: list[str] | None) -> Filter:
    from index import Filter

    where = Filter(_day("--since", since), _day("--until", until), tuple(sources or ()))
    if where.since and where.until and where.since > where.until:
        refuse(f"--since {where.since} is after --until {where.until}.")
    return where


def _day(option: str, text: str | None) -> date | None:
    from datetime import date

    from bot.days import read_day

    if text is None:
        return None
    try:
        return read_day(text, date.today(), last=option == "--until")
    except ValueError:
        refuse(f"{option} {text!r} is not a date such as 2026-03-31.")


def _require_sources(asker: Asker, where: Filter) -> None:
    """Refuse a publisher that no article is from: a slip of the pen would read as "the articles do not hold it"."""
    if not where.sources:
        return
    from bot.markup import clean

    names = sorted(asker.summary().sources)
    known = {name.casefold() for name in names}
    for source in where.sources:
        if source.casefold() not in known:
            listed = ", ".join(clean(name) for name in names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
            refuse(f"No article is from {source!r}. Publishers: {listed or 'none is named'}.")
