"""The command line: reads what is configured, puts the parts together, and prints."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from index.rebuild import AsJson, DryRun, Full, Home, Sources, Strict, rebuild

if TYPE_CHECKING:
    from datetime import date

    from rich.console import Console

    from bot.ask import Asker
    from bot.settings import Settings
    from index import Filter

ANSWERED, FAILURE, USAGE, UNANSWERED = 0, 1, 2, 3

app = typer.Typer(
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="Ask your articles, in Discord, in a browser or here. Every answer is quoted word for word.\n\n"
    "Begin with: footnote index rebuild, then: footnote ask 'Where was the stolen astrolabe found?'",
)
index_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Build the index and look at it.")
app.add_typer(index_app, name="index")


def main() -> None:
    """Run the command line."""
    try:
        app()
    except BrokenPipeError:
        # Whoever read the output has seen enough (`footnote ask … | head`).
        sys.stderr.close()
        sys.exit(FAILURE)


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.", is_eager=True)] = False,
) -> None:
    if version:
        from importlib.metadata import version as installed

        print(f"footnote {installed('footnote')}")
        raise typer.Exit


@index_app.command("rebuild")
def index_rebuild(
    sources: Sources = None,
    home: Home = None,
    full: Full = False,
    dry_run: DryRun = False,
    strict: Strict = False,
    as_json: AsJson = False,
) -> None:
    """Bring the index up to date with the articles.

    What is new or changed is embedded, what is gone is removed, the rest is left as it is. Without SOURCE, those under
    [index] in footnote.toml are read, and if there are none, the sample articles. The index that serves goes on serving
    until the new one is complete.
    """
    from bot.data import data_folder

    raise typer.Exit(
        rebuild(
            sources,
            home,
            full=full,
            dry_run=dry_run,
            strict=strict,
            as_json=as_json,
            samples=data_folder("seeds"),
        )
    )


@index_app.command("status")
def index_status(home: Home = None, as_json: AsJson = False) -> None:
    """Tell what the index holds: articles, passages, model, age, size, publishers."""
    import json

    from bot.status import show_status, status_json
    from index import IndexFailure, generation_status

    settings = _settings({"home": home})
    try:
        status = generation_status(settings.home)
    except IndexFailure as error:
        _fail(str(error))
    if as_json:
        print(json.dumps(status_json(status), ensure_ascii=False))
    else:
        show_status(_console(), status)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="What you want to know.", show_default=False)] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="Only articles of this day and later.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Only articles of this day and earlier.")] = None,
    source: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only this publisher; may be given several times.")
    ] = None,
    batch: Annotated[
        str | None, typer.Option(metavar="FILE", help="Answer every line of a JSON Lines file; - reads standard input.")
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Ask the articles one question, or many with --batch.

    Exit status: 0 answered, 3 nothing sure was found, 2 the question or an option cannot be read, 1 failure.
    With --batch: 0 when every line was answered, whatever the answers say, and 1 when a line has an error in its place.

    Examples:
      footnote ask 'How high did the water rise in Tollen?'
      footnote ask 'Who won the election?' --since 2026-01-01 --source 'The Harbour Post' --json
      footnote ask --batch questions.jsonl > answers.jsonl
    """
    from bot.ask import QuestionRefused, read_question

    if (question is None) == (batch is None):
        _refuse("Give either a question or --batch FILE.")
    where = _filter(since, until, source)
    if question is not None:
        try:
            asked = read_question(question, where=where)
        except QuestionRefused as error:
            _refuse(str(error))
    settings = _settings({"home": home})
    asker = _asker(settings)
    if batch is not None:
        raise typer.Exit(_ask_batch(batch, asker, where))
    from index import IndexFailure

    try:
        answer = asker.ask(asked)
    except IndexFailure as error:
        _fail(str(error))
    finally:
        asker.close()
    if as_json:
        import json

        from bot.answer_json import answer_to_json

        print(json.dumps(answer_to_json(answer), ensure_ascii=False))
    else:
        from bot.prompts import load_prompts
        from bot.terminal import show_answer

        show_answer(_console(), answer, load_prompts())
    raise typer.Exit(ANSWERED if answer.status == "answered" else UNANSWERED)


@app.command()
def bot(home: Home = None) -> None:
    """Run the Discord bot. The token is taken from DISCORD_TOKEN."""
    import asyncio

    from bot.ask import AsyncAsker
    from bot.client import DiscordFailure, FootnoteBot, serve
    from bot.prompts import PromptProblem, load_prompts

    settings = _settings({"home": home})
    token = settings.discord.token.get_secret_value()
    if not token:
        _refuse(
            "DISCORD_TOKEN is not set. Make an application at https://discord.com/developers/applications, copy its "
            "bot's token into DISCORD_TOKEN, and start again. To try Footnote without one: footnote demo"
        )
    _log_to_standard_error()
    asker = _asker(settings)
    try:
        client = FootnoteBot(
            AsyncAsker(asker, settings.discord.queue),
            load_prompts(),
            guild=settings.discord.guild,
            state=settings.home,
        )
        asyncio.run(serve(client, token))
    except (DiscordFailure, PromptProblem) as error:
        _fail(str(error))


@app.command()
def demo(
    home: Home = None,
    port: Annotated[int | None, typer.Option(help="Where the browser finds it; 0 takes any free port.")] = None,
) -> None:
    """Try the bot in a browser: the same bot, no token, no network."""
    import asyncio

    from bot.ask import AsyncAsker
    from bot.demo import DemoUnavailable, run_demo
    from bot.prompts import PromptProblem, load_prompts

    settings = _settings({"home": home, "demo": {"port": port}})
    asker = _asker(settings)
    try:
        asyncio.run(
            run_demo(
                AsyncAsker(asker, settings.discord.queue),
                load_prompts(),
                port=settings.demo.port,
                on_ready=lambda address: print(f"Footnote is ready. Open {address}\nCtrl-C ends it.", flush=True),
            )
        )
    except (DemoUnavailable, PromptProblem) as error:
        _fail(str(error))
    except KeyboardInterrupt:
        print("\nEnded.")


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Where to write footnote.toml.")] = Path(),
) -> None:
    """Write a commented footnote.toml and say what to do next."""
    from bot.template import TEMPLATE
    from index.config import CONFIG_FILE

    file = folder / CONFIG_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as opened:
            opened.write(TEMPLATE)
    except FileExistsError:
        _fail(f"{file} is there already and was left as it is. Move it away to begin anew.")
    except OSError as error:
        _fail(f"{file} cannot be written: {error.strerror}.")
    print(
        f"Wrote {file}.\nNext:\n"
        "  1. Put your folders of articles under sources (without, the sample articles are used).\n"
        "  2. footnote index rebuild\n"
        "  3. footnote ask 'Where was the stolen astrolabe found?'\n"
        "  4. footnote demo        in a browser, or with DISCORD_TOKEN set: footnote bot"
    )


@app.command()
def config(home: Home = None, as_json: AsJson = False) -> None:
    """Print what is configured and where each value is from; secrets are masked."""
    import json

    from bot.settings import Settings
    from index.config import ConfigProblem, load, values_in_force

    try:
        rows = values_in_force(load(Settings, {"home": home}))
    except ConfigProblem as error:
        _refuse(str(error))
    if as_json:
        print(json.dumps({key: {"value": value, "origin": origin} for key, (value, origin) in rows.items()}))
        return
    width = max(map(len, rows))
    for key, (value, origin) in rows.items():
        print(f"{key:{width}} = {json.dumps(value, ensure_ascii=False):30} # {origin}")


def _ask_batch(batch: str, asker: Asker, where: Filter) -> int:
    import json

    from bot.batch import answer_lines
    from index import IndexFailure

    failed = False
    try:
        with sys.stdin if batch == "-" else Path(batch).open(encoding="utf-8", errors="replace") as lines:
            for answer in answer_lines(lines, asker, where):
                failed = failed or "error" in answer
                print(json.dumps(answer, ensure_ascii=False), flush=True)
    except IndexFailure as error:
        _fail(str(error))
    except BrokenPipeError:
        raise
    except OSError as error:
        _refuse(f"{batch} cannot be read: {error.strerror}.")
    finally:
        asker.close()
    return FAILURE if failed else ANSWERED


def _asker(settings: Settings) -> Asker:
    """Open the index, or say what to do first."""
    from bot.ask import Asker
    from index import IndexFailure

    asker = Asker(settings.home, settings.index.settings())
    try:
        asker.open()
    except IndexFailure as error:
        _fail(str(error))
    return asker


def _settings(flags: dict[str, Any]) -> Settings:
    from bot.settings import Settings
    from index.config import ConfigProblem, load

    try:
        return load(Settings, flags).config
    except ConfigProblem as error:
        _refuse(str(error))


def _filter(since: str | None, until: str | None, sources: list[str] | None) -> Filter:
    from index import Filter

    where = Filter(_day("--since", since), _day("--until", until), tuple(sources or ()))
    if where.since and where.until and where.since > where.until:
        _refuse(f"--since {where.since} is after --until {where.until}.")
    return where


def _day(option: str, text: str | None) -> date | None:
    from datetime import date

    from bot.days import read_day

    if text is None:
        return None
    try:
        return read_day(text, date.today(), last=option == "--until")
    except ValueError:
        _refuse(f"{option} {text!r} is not a date such as 2026-03-31.")


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False)


def _log_to_standard_error() -> None:
    import logging

    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # httpx and Chroma tell of every request; an operator wants to hear of trouble.
    for chatty in ("httpx", "chromadb", "sentence_transformers"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _fail(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(FAILURE)


def _refuse(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(USAGE)
