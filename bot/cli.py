"""The command line: each command reads what is configured, puts the parts together, and prints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.cli_ask import ask
from bot.cli_bench import bench
from bot.cli_calibrate import calibrate
from bot.cli_cited import cited
from bot.cli_doctor import doctor
from bot.cli_eval import evaluate
from bot.cli_gaps import gaps, ratings
from bot.cli_index import index_app
from bot.cli_privacy import privacy_app
from bot.cli_settings import settings_app
from bot.cli_sources import sources_app
from bot.start import (
    fail,
    log_to_standard_error,
    new_async_asker,
    new_ledger,
    new_traces_or_exit,
    read_settings,
    read_texts,
    refuse,
)
from index.rebuild import AsJson, Home, run

app = typer.Typer(
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="Ask your articles, in Discord, in a browser or here. Every answer is quoted word for word.\n\n"
    "\b\nTo begin, with the sample articles:\n"
    "  footnote index rebuild\n"
    "  footnote ask 'Where was the stolen astrolabe found?'\n\n"
    "With articles of your own: footnote init",
)
app.add_typer(index_app, name="index")
app.add_typer(privacy_app, name="privacy")
app.add_typer(settings_app, name="settings")
app.add_typer(sources_app, name="sources")
app.command()(ask)
app.command()(bench)
app.command("eval")(evaluate)
app.command()(gaps)
app.command()(ratings)
app.command()(cited)
app.command()(calibrate)
app.command()(doctor)


def main() -> None:
    """Run the command line."""
    run(app)


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.", is_eager=True)] = False,
) -> None:
    if version:
        from importlib.metadata import version as installed

        print(f"footnote {installed('footnote')}")
        raise typer.Exit


@app.command()
def bot(home: Home = None) -> None:
    """Run the Discord bot. The token is taken from DISCORD_TOKEN."""
    import asyncio
    import gc

    from bot.cli_schedule import new_rebuilding, new_schedule, source_states
    from bot.client import FootnoteBot
    from bot.connect import DiscordFailure, serve
    from bot.health import readiness_of, watched_from_outside
    from bot.metrics import Metrics
    from bot.pages.serve import article_pages
    from bot.web import WebUnavailable
    from bot.wire import connect_to

    settings = read_settings({"home": home})
    token = settings.discord.token.get_secret_value()
    if not token:
        refuse(
            "DISCORD_TOKEN is not set. Make an application at https://discord.com/developers/applications, copy its "
            "bot's token into DISCORD_TOKEN, and start again. To try Footnote without one: footnote demo"
        )
    log_to_standard_error(settings)
    connect_to(settings.discord.api, settings.discord.gateway)
    metrics = Metrics()
    traces = [made for made in [new_traces_or_exit(settings)] if made]
    client = FootnoteBot(
        new_async_asker(settings, metrics),
        read_texts(settings),
        guild=settings.discord.guild,
        message_content=settings.discord.message_content,
        state=settings.home,
        ledger=new_ledger(settings),
        policy=settings.server.policy(),
        rates=settings.limits.rates(),
        rebuilding=(rebuilding := new_rebuilding(settings)),
        retention_days=settings.ledger.retention_days,
        metrics=metrics,
        watchers=traces,
    )
    client.sources = source_states(settings)
    client.schedule = new_schedule(settings, rebuilding)
    pages = article_pages(client, settings.pages, settings.home)
    health = watched_from_outside(lambda: readiness_of(client), metrics, settings.health.host, settings.health.port)
    schedules = [client.schedule] if client.schedule else []
    try:
        # What is loaded by then stays; to look for garbage in it would stop everything for half a second, also
        # at the very end.
        asyncio.run(serve(client, token, beside=[*traces, health, pages, *schedules], loaded=gc.freeze))
    except (DiscordFailure, WebUnavailable) as error:
        fail(str(error))


@app.command()
def demo(
    home: Home = None,
    port: Annotated[
        int | None, typer.Option(metavar="PORT", help="Where the browser finds it; 0 takes any free port.")
    ] = None,
) -> None:
    """Try the bot in a browser: the same bot, no token, no network."""
    import asyncio

    from bot.catalogues import locale_of_environment
    from bot.demo import DemoUnavailable, run_demo
    from bot.pages.serve import article_pages
    from bot.web import WebUnavailable
    from index import IndexFailure

    settings = read_settings({"home": home, "demo": {"port": port}})
    try:
        asyncio.run(
            run_demo(
                new_async_asker(settings),
                # Everybody in the simulated Discord reads English; whoever started it may not.
                read_texts(settings).only(locale_of_environment()),
                port=settings.demo.port,
                on_ready=lambda address: print(f"Footnote is ready. Open {address}\nCtrl-C ends it.", flush=True),
                beside=lambda bot: [article_pages(bot, settings.pages, settings.home)],
            )
        )
    except (DemoUnavailable, IndexFailure, WebUnavailable) as error:
        fail(str(error))
    except KeyboardInterrupt:
        print("\nEnded.")


@app.command()
def init(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Where to write footnote.toml.", show_default="here")
    ] = Path(),
    home: Home = None,
) -> None:
    """Write a commented footnote.toml and say what to do next."""
    from bot.template import template
    from index.config import CONFIG_FILE

    file = folder / CONFIG_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as opened:
            opened.write(template(home))
    except FileExistsError as error:
        fail(f"{error.filename} is there already and was left as it is. Move it away to begin anew.")
    except OSError as error:
        fail(f"{error.filename} cannot be written: {error.strerror}.")
    steps = [
        "Say where your articles are: footnote sources add --help. Without, the sample articles are used.",
        "footnote index rebuild",
        "footnote ask 'Where was the stolen astrolabe found?'",
        "footnote demo          the bot in a browser; on Discord, with DISCORD_TOKEN set: footnote bot",
    ]
    if folder.resolve() != Path.cwd():
        steps.insert(0, f"cd {folder}")
    print(f"Wrote {file}.\nNext:")
    for number, step in enumerate(steps, start=1):
        print(f"  {number}. {step}")


@app.command()
def config(home: Home = None, as_json: AsJson = False) -> None:
    """Print what is configured and where each value is from; secrets are masked."""
    from bot.settings import Settings
    from index.config import ConfigProblem, load, values_in_force

    try:
        rows = values_in_force(load(Settings, {"home": home}))
    except ConfigProblem as error:
        refuse(str(error))
    if as_json:
        values = {key: {"value": value, "origin": origin} for key, (value, origin) in rows.items()}
        print(json.dumps(values, ensure_ascii=False))
        return
    width = max(map(len, rows))
    for key, (value, origin) in rows.items():
        print(f"{key:{width}} = {json.dumps(value, ensure_ascii=False):30} # {origin}")
