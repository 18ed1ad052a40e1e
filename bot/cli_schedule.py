"""`footnote index schedule`: rebuild the index by itself, apart from the bot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.start import FAILURE, fail, log_to_standard_error, read_settings, refuse
from index.rebuild import Home

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from bot.rebuilding import Rebuilding
    from bot.schedule import Schedule
    from bot.settings import Settings
    from index.source_states import SourceState

_SERVICE = """\
# footnote-rebuild.service
[Unit]
Description=Bring the index of Footnote up to date
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory={folder}
{environment}ExecStart={python} -m bot index schedule --once --home {home}
Nice=10

# footnote-rebuild.timer
[Unit]
Description=When the index of Footnote is brought up to date

[Timer]
{when}
Persistent=true
RandomizedDelaySec={jitter:.0f}

[Install]
WantedBy=timers.target"""


def schedule(
    home: Home = None,
    once: Annotated[bool, typer.Option("--once", help="Rebuild now, and end.")] = False,
    print_systemd: Annotated[
        bool, typer.Option("--print-systemd", help="Print units for systemd that rebuild it, and end.")
    ] = False,
) -> None:
    """Rebuild the index at the times of [schedule] in footnote.toml, and when a watched folder changes, until stopped.

    The bot does so by itself; this is for where it does not run. Only one rebuild runs at a time, whoever starts it.
    """
    import asyncio
    import contextlib
    import signal

    settings = read_settings({"home": home})
    if print_systemd:
        print(_units(settings))
        return
    log_to_standard_error(settings)
    found = new_schedule(settings, new_rebuilding(settings), needed=not once)
    if found is None:
        refuse('Nothing says when to rebuild. Set every = "6h" under [schedule], or watch = true in a source of files.')

    async def serve() -> int:
        task = asyncio.current_task()
        for number in (signal.SIGTERM, signal.SIGINT):
            # Windows has no handlers on its loops; there, Ctrl-C ends the process.
            with contextlib.suppress(NotImplementedError):
                asyncio.get_running_loop().add_signal_handler(number, lambda: task and task.cancel())
        try:
            if once:
                rebuilt = await found.once()
                return FAILURE if rebuilt is None or rebuilt.trouble else 0
            await found.run()
        except asyncio.CancelledError:
            pass
        return 0

    raise typer.Exit(asyncio.run(serve()))


def new_rebuilding(settings: Settings) -> Rebuilding:
    """Return what rebuilds the configured index in a process of its own."""
    from bot.rebuilding import Rebuilding, rebuild_command

    return Rebuilding(rebuild_command(settings.home), _secrets_of(settings))


def _secrets_of(settings: Settings) -> set[str]:
    """Return the names of the variables that hold what sources are let in with."""
    return {
        value
        for source in settings.sources
        for key, value in source.values.items()
        if key.endswith("_env") and isinstance(value, str)
    }


def new_schedule(settings: Settings, rebuilding: Rebuilding, *, needed: bool = True) -> Schedule | None:
    """Return the schedule that is configured; where none is, and it is `needed`, None."""
    from bot.schedule import Schedule

    timetable, watched = settings.schedule.timetable(), _watched(settings)
    if needed and timetable is None and not watched:
        return None
    return Schedule(rebuilding, settings.home, timetable, watched, settings.schedule.quiet)


def source_states(settings: Settings) -> Callable[[], Sequence[SourceState]]:
    """Return what tells how each configured source fared."""
    from index.source_states import states_of

    configured = [(source.name, source.kind) for source in settings.sources]
    return lambda: states_of(settings.home, configured)


def _watched(settings: Settings) -> dict[str, list[Path]]:
    from index.errors import ConfigProblem
    from index.sources.files import FilesOptions
    from index.sources.registry import read_options

    watched: dict[str, list[Path]] = {}
    for source in settings.sources:
        if source.kind == "files" and source.values.get("watch"):
            try:
                options = read_options(source, FilesOptions)
            except ConfigProblem as error:
                refuse(str(error))
            if isinstance(options, FilesOptions):
                watched[source.name] = options.path
    return watched


def _units(settings: Settings) -> str:
    import sys
    from pathlib import Path

    from index.config import config_file

    timetable = settings.schedule.timetable()
    if timetable is None:
        refuse('Nothing says when to rebuild. Set every = "6h" or cron under [schedule].')
    if timetable.every:
        when = f"OnBootSec=2min\nOnUnitActiveSec={timetable.every:.0f}s"
    else:
        when = f"OnCalendar={_calendar(timetable.cron)}{' ' * bool(timetable.timezone)}{timetable.timezone}"
    environment, file = "", config_file().absolute()
    if file.exists():
        environment += f"Environment={_word(f'FOOTNOTE_CONFIG={file}')}\n"
    if secrets := sorted(_secrets_of(settings)):
        environment += f"# A file that sets {', '.join(secrets)}:\n# EnvironmentFile=\n"
    return _SERVICE.format(
        folder=str(Path.cwd()).replace("%", "%%"),
        environment=environment,
        python=_word(sys.executable),
        home=_word(str(settings.home.absolute())).replace("$", "$$"),
        when=when,
        jitter=timetable.jitter,
    )


def _word(text: str) -> str:
    """Return a word of a command line or an assignment as systemd reads it, whatever is in it."""
    if not text.isprintable():
        fail(f"systemd reads no path with such characters: {text!r}.")
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{plain}"'


def _calendar(cron: str) -> str:
    """Return a time of cron as systemd writes it."""
    import re

    minute, hour, day, month, week = cron.split()
    if not re.fullmatch(r"[\d*,/-]+( [\d*,/-]+){4}", cron) or (day[0] != "*" and week[0] != "*"):
        fail(f'systemd has no word for "{cron}". Write it in numbers, and either the day of month or that of the week.')
    names = "" if week == "*" else f"{_days(week)} "

    def field(text: str, first: int) -> str:
        return re.sub(r"\*(?=/)", str(first), text).replace("-", "..")

    return f"{names}*-{field(month, 1)}-{field(day, 1)} {field(hour, 0)}:{field(minute, 0)}:00"


def _days(week: str) -> str:
    """Return the days of a cron expression by name, one by one: systemd has neither steps nor weeks from Sunday on."""
    found: set[int] = set()
    for part in week.split(","):
        span, _, step = part.partition("/")
        first, _, last = ("0-6" if span == "*" else span).partition("-")
        end = last or ("7" if step else first)
        found |= {day % 7 for day in range(int(first), int(end) + 1, int(step or 1))}
    return ",".join("Sun Mon Tue Wed Thu Fri Sat".split()[day] for day in sorted(found))
