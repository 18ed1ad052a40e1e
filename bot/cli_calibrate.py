"""`footnote calibrate`: whether confidence means here what it means elsewhere, and if not, how it is to be read."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from bot.start import console, fail, open_asker, read_settings, refuse
from index.rebuild import AsJson, Home

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.ask import Asker
    from bot.calibration import Calibration
    from bot.evaluation.calibrate import Fit
    from bot.evaluation.trials import Trial, Tried
    from bot.settings import Settings
    from index import Article


def calibrate(
    home: Home = None,
    questions: Annotated[
        int, typer.Option(metavar="N", min=1, max=5_000, help="How many questions to draft from the articles.")
    ] = 200,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and change nothing.")] = False,
    reset: Annotated[bool, typer.Option("--reset", help="Go back to the default, and try nothing.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="Of the random draws: the same seed gives the same.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Find out from your own articles, without anybody's labels, how sure the bot must be to answer.

    Questions are drafted from the articles and asked twice: as they are, and with their articles held back. Questions
    about the sample articles, which yours know nothing of, are asked as well. Where these come out as they do where
    the default is known to hold, it stays; where not, confidence is read anew, and ask, bot and demo follow at once.

    \b
    Exit status:
      0  done, whatever was found
      1  it failed
      2  an option cannot be read
    """  # noqa: D301 - click's mark for "do not rewrap"
    from bot.answer_json import json_text
    from bot.calibration import has_calibration
    from bot.evaluation.calibrated import fit_to_json, show_fit

    settings = read_settings({"home": home})
    if reset:
        if dry_run:
            refuse("--reset goes without --dry-run.")
        _reset(settings, as_json=as_json)
        return
    found, calibration = _fit(settings, questions, seed)
    had = has_calibration(settings.home)
    if not dry_run:
        _put(settings, calibration)
    if as_json:
        print(json_text(fit_to_json(found, written=bool(calibration) and not dry_run)))
    else:
        show_fit(console(), found, settings.home, had=had, dry_run=dry_run)


def _reset(settings: Settings, *, as_json: bool) -> None:
    from bot.answer_json import json_text

    removed = _put(settings, None)
    if as_json:
        print(json_text({"reset": removed}))
    else:
        print("The default is in force again." if removed else "The default was in force, and is.")


def _put(settings: Settings, calibration: Calibration | None) -> bool:
    """Put a calibration in force, or the default; return whether there was another to put away."""
    from bot.calibration import remove_calibration, write_calibration

    try:
        if calibration is None:
            return remove_calibration(settings.home)
        write_calibration(settings.home, calibration)
    except OSError as error:
        fail(f"{error.filename or settings.home} cannot be written: {error.strerror}.")
    return False


def _fit(settings: Settings, count: int, seed: int) -> tuple[Fit, Calibration | None]:
    from datetime import UTC, datetime

    from bot.calibration import Calibration, fingerprint
    from bot.evaluation.calibrate import Verdict, fit
    from index import IndexFailure

    trials = _trials(settings, count, seed)
    with closing(open_asker(settings, calibrated=False)) as asker:
        try:
            tried = _try(trials, asker)
            summary = asker.summary()
        except IndexFailure as error:
            fail(str(error))
    found = fit(tried, seed)
    if found.verdict is not Verdict.FITTED:
        return found, None
    reranker = settings.rerank.reranker()
    calibration = Calibration(
        fingerprint=fingerprint(settings.index.settings(), summary, reranker.name if reranker else ""),
        generation=summary.generation,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        articles=summary.articles,
        questions=sum(found.counts.values()),
        scale=found.line.scale,
        shift=found.line.shift,
    )
    return found, calibration


def _trials(settings: Settings, count: int, seed: int) -> list[Trial]:
    from functools import partial

    from bot.evaluation.drafts import draft_questions
    from bot.evaluation.trials import trials_of
    from index import IndexFailure, read_articles, split_sentences

    try:
        articles = read_articles(settings.home)
    except IndexFailure as error:
        fail(str(error))
    split = partial(split_sentences, language=settings.index.language)
    drafts = draft_questions(articles, split, count, seed)
    return trials_of(drafts, draft_questions(_strangers(articles), split, count // 2, seed))


def _strangers(articles: Sequence[Article]) -> list[Article]:
    """Return the sample articles, unless it is those that are asked."""
    from bot.data import data_folder
    from index import Article, read_files

    known = {article.text for article in articles}
    samples = [found for found in read_files([data_folder("seeds")]) if isinstance(found, Article)]
    return [] if any(sample.text in known for sample in samples) else samples


def _try(trials: Sequence[Trial], asker: Asker) -> list[Tried]:
    from rich.progress import track

    from bot.evaluation.trials import try_all

    watched = console(standard_error=True)
    asked = track(
        try_all(trials, asker),
        "Asking",
        total=len(trials),
        console=watched,
        transient=True,
        disable=not watched.is_terminal,
    )
    return [one for one in asked if one is not None]
