"""`footnote eval`: how good the answers are, over questions whose answers are known."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.start import ANSWERED, FAILURE, console, fail, open_asker, read_settings, refuse
from index.rebuild import AsJson, Home

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.evaluation.evaluated import Bound
    from bot.evaluation.model import BadLine, Gold, Run
    from bot.settings import Settings


_Outcome = TypeVar("_Outcome")


def evaluate(
    questions: Annotated[
        str | None,
        typer.Argument(
            metavar="QUESTIONS.jsonl",
            help="Questions with known answers, one JSON object a line; - reads standard input.",
            show_default=False,
        ),
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
    html: Annotated[
        Path | None, typer.Option(metavar="REPORT.html", help="Write a page to look at in a browser.")
    ] = None,
    save: Annotated[
        Path | None, typer.Option(metavar="RUN.json", help="Keep the run, to compare a later one with.")
    ] = None,
    compare: Annotated[
        Path | None, typer.Option(metavar="BEFORE.json", help="Say what has changed since a run that was kept.")
    ] = None,
    fail_under: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FIGURE=VALUE",
            help="Exit with 1 if a figure is worse: less, or, where less is better, more; may be given several times.",
        ),
    ] = None,
    make: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Draft N questions from the articles, to be corrected.")
    ] = None,
    generate: Annotated[
        bool, typer.Option("--generate", help="Have the configured language model word the answers, and judge those.")
    ] = False,
    seed: Annotated[int, typer.Option(min=0, help="Of the random draws: the same seed gives the same figures.")] = 0,
) -> None:
    """Tell how good the answers are, over questions whose answers are known.

    \b
    Examples:
      footnote eval --make 40 > questions.jsonl      then correct them by hand
      footnote eval questions.jsonl --html report.html --save before.json
      footnote eval questions.jsonl --compare before.json
      footnote eval questions.jsonl --generate       beside the figures of the quotes alone
      footnote eval questions.jsonl --fail-under shown_hit=0.9 --fail-under false_answers=0.1

    \b
    A line of QUESTIONS.jsonl, of which only "question" and "answers" must be there:
      {"id": "1", "question": "Who led the inquiry?", "asked_at": "2026-06-04",
       "answers": ["Helene Okorie", "Okorie"], "answerable": true, "group": "people",
       "evidence": [{"article_id": "…", "text": "…"}]}
    A question that the articles do not hold has "answerable": false and no answers.

    \b
    Exit status:
      0  the questions were asked, and no figure is worse than --fail-under allows
      1  it failed; a figure is worse; a line was skipped or a question could not be answered
      2  the questions or an option cannot be read
    """  # noqa: D301 - click's mark for "do not rewrap"
    if (questions is None) == (make is None):
        refuse("Give either a file of questions or --make N.")
    settings = read_settings({"home": home})
    if make is not None:
        given: dict[str, object] = {"--html": html, "--save": save, "--compare": compare, "--generate": generate}
        given["--fail-under"] = fail_under
        if unfit := [name for name, value in given.items() if value]:
            refuse(f"{unfit[0]} goes with a file of questions, not with --make.")
        raise typer.Exit(_draft(settings, make, seed))
    if generate and not settings.generate.model:
        refuse("--generate needs a language model: set generate.model (footnote init tells how).")
    golds, skipped = _read(questions or "")
    for line in skipped:
        print(line.reason, file=sys.stderr)
    if not golds:
        refuse(f"{questions} holds no question that can be asked.")
    bounds = _bounds(fail_under or [], golds)
    before = _before(compare) if compare else None
    for file in (html, save):
        _require_folder(file)
    run, extract = (_ask_both if generate else _ask)(settings, golds, skipped)
    raise typer.Exit(_report(run, before, extract, bounds, seed, as_json=as_json, html=html, save=save))


def _draft(settings: Settings, count: int, seed: int) -> int:
    from functools import partial

    from bot.answer_json import json_text
    from bot.evaluation.drafts import draft_questions, draft_to_json
    from index import IndexFailure, read_articles, split_sentences

    try:
        articles = read_articles(settings.home)
    except IndexFailure as error:
        fail(str(error))
    drafts = draft_questions(articles, partial(split_sentences, language=settings.index.language), count, seed)
    for draft in drafts:
        print(json_text(draft_to_json(draft)))
    if len(drafts) < count:
        print(f"Only {len(drafts)} of {count} questions could be drafted from these articles.", file=sys.stderr)
    return ANSWERED if drafts else FAILURE


def _read(questions: str) -> tuple[list[Gold], list[BadLine]]:
    from bot.evaluation.questions import read_questions

    if questions == "-":
        return read_questions(sys.stdin.buffer)
    try:
        with Path(questions).open("rb") as lines:
            return read_questions(lines)
    except OSError as error:
        refuse(f"{questions} cannot be read: {error.strerror}.")


def _bounds(texts: Sequence[str], golds: Sequence[Gold]) -> list[Bound]:
    from bot.evaluation.evaluated import groups_of, read_bound

    try:
        return [read_bound(text, groups_of(golds)) for text in texts]
    except ValueError as error:
        refuse(f"--fail-under: {error}")


def _before(file: Path) -> Run:
    from bot.evaluation.saved import NotARun, read_run

    try:
        return read_run(file)
    except NotARun as error:
        refuse(f"--compare: {error}")


def _require_folder(file: Path | None) -> None:
    """Refuse what cannot be written, before minutes are spent on asking."""
    if file is not None and (file.is_dir() or not file.absolute().parent.is_dir()):
        refuse(f"{file} cannot be written: {'it is a folder' if file.is_dir() else 'its folder is not there'}.")


def _ask(settings: Settings, golds: Sequence[Gold], skipped: Sequence[BadLine]) -> tuple[Run, None]:
    from bot.evaluation.run import ask_all, run_of
    from index import IndexFailure, read_article_ids

    with closing(open_asker(settings)) as asker:
        try:
            answers = list(_watched(ask_all(golds, asker), len(golds)))
            return run_of(answers, asker.summary(), golds, skipped, read_article_ids(settings.home)), None
        except IndexFailure as error:
            fail(str(error))


def _ask_both(settings: Settings, golds: Sequence[Gold], skipped: Sequence[BadLine]) -> tuple[Run, Run]:
    """Return the run of the generated answers, and that of the extractive ones that they are made of."""
    from dataclasses import replace

    from bot.evaluation.generated import ask_both, notes_on, wording_of
    from bot.evaluation.model import Unanswered
    from bot.evaluation.run import run_of
    from bot.generating import GeneratingAsker
    from index import IndexFailure, read_article_ids

    with closing(open_asker(settings, generate=True)) as asker:
        assert isinstance(asker, GeneratingAsker)  # noqa: S101 - a model is configured
        try:
            pairs = list(_watched(ask_both(golds, asker), len(golds)))
            summary, articles = asker.summary(), read_article_ids(settings.home)
        except IndexFailure as error:
            fail(str(error))
        wording = wording_of(asker.generator.counters.snapshot())
    extract, shown = ([one if isinstance(one, Unanswered) else one[place] for one in pairs] for place in (0, 1))
    run = run_of(shown, summary, golds, skipped, articles, notes_on(wording))
    return replace(run, wording=wording), run_of(extract, summary, golds, skipped, articles)


def _watched(asked: Iterator[_Outcome], total: int) -> Iterable[_Outcome]:
    from rich.progress import track

    watched = console(standard_error=True)
    return track(asked, "Asking", total=total, console=watched, transient=True, disable=not watched.is_terminal)


def _report(
    run: Run,
    before: Run | None,
    extract: Run | None,
    bounds: Sequence[Bound],
    seed: int,
    *,
    as_json: bool,
    html: Path | None,
    save: Path | None,
) -> int:
    from bot.answer_json import json_text
    from bot.evaluation.evaluated import evaluate as evaluate_run
    from bot.evaluation.evaluated import shortfalls
    from bot.evaluation.saved import run_to_json
    from bot.evaluation.table import show_evaluation

    evaluated = evaluate_run(run, before, seed, extract=extract)
    missed = shortfalls(evaluated, bounds)
    found = json_text(run_to_json(evaluated, missed))
    if save is not None:
        _write(save, found + "\n")
    if html is not None:
        from bot.evaluation.report import render_report

        _write(html, render_report(evaluated, missed))
    if as_json:
        print(found)
    else:
        show_evaluation(console(), evaluated)
    for sentence in [*(one.reason for one in run.unanswered), *(one.sentence for one in missed)]:
        print(sentence, file=sys.stderr)
    return FAILURE if missed or run.skipped or run.unanswered else ANSWERED


def _write(file: Path, text: str) -> None:
    """Write a file whole or not at all: an earlier one stays until the new one is complete."""
    aside = file.with_name(f"{file.name}.part")
    # Halves of a surrogate pair become the escape that JSON has for them.
    aside.write_text(text, encoding="utf-8", errors="backslashreplace")
    aside.replace(file)
