"""The index rebuilt by itself: when it is due, when a folder changes, and one rebuild at a time."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.cli_schedule import _calendar
from bot.rebuilding import RebuildFailed, Rebuilding, Stage
from bot.schedule import Schedule
from index.timetable import Timetable

# A rebuild that notes what it was asked for and reports.
REPORT = {"added": 1, "changed": 0, "removed": 0, "unchanged": 2, "problems": [], "seconds": 0.1, "published": True}


def rebuilding(folder: Path, sources: list[dict[str, object]] | None = None, status: int = 0) -> Rebuilding:
    text = json.dumps(REPORT | {"sources": sources or []})
    program = (
        f"import sys; open({str(folder / 'asked')!r}, 'a').write(repr(sys.argv[1:]) + chr(10)); "
        f"print('Reading articles of blog and 2 other sources', file=sys.stderr); print({text!r}); sys.exit({status})"
    )
    return Rebuilding([sys.executable, "-c", program])


def asked(folder: Path) -> list[str]:
    path = folder / "asked"
    return path.read_text().splitlines() if path.exists() else []


async def until(folder: Path, count: int) -> list[str]:
    async with asyncio.timeout(60):
        while len(asked(folder)) < count:  # noqa: ASYNC110  # another process writes it
            await asyncio.sleep(0.05)
    return asked(folder)


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 6, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


async def test_what_is_due_is_rebuilt_once_and_remembered_over_a_restart(tmp_path: Path) -> None:
    clock, table = Clock(), Timetable(every=3600.0)
    async with Schedule(rebuilding(tmp_path), tmp_path, table, clock=clock):
        await until(tmp_path, 1)
    clock.now += timedelta(minutes=30)
    again = Schedule(rebuilding(tmp_path), tmp_path, table, clock=clock)

    assert ["[]"] == asked(tmp_path)
    assert clock.now + timedelta(minutes=30) == again.due
    clock.now += timedelta(days=3)  # the machine slept
    async with again:
        await until(tmp_path, 2)
        await asyncio.sleep(0.2)
    assert 2 == len(asked(tmp_path))


async def test_a_clock_that_is_set_back_delays_a_rebuild_by_one_interval(tmp_path: Path) -> None:
    clock = Clock()
    schedule = Schedule(rebuilding(tmp_path), tmp_path, Timetable(every=3600.0), clock=clock)
    schedule._began()
    clock.now -= timedelta(days=30)
    schedule._look()
    clock.now += timedelta(minutes=40)
    schedule._look()

    assert clock.now + timedelta(minutes=20) == schedule.due


async def test_times_of_cron_count_from_the_first_look(tmp_path: Path) -> None:
    clock = Clock()
    schedule = Schedule(rebuilding(tmp_path), tmp_path, Timetable(cron="0 4 * * *", timezone="UTC"), clock=clock)

    assert datetime(2026, 6, 2, 4, tzinfo=UTC) == schedule.due
    clock.now = datetime(2026, 6, 2, 4, 0, 1, tzinfo=UTC)
    async with schedule:
        await until(tmp_path, 1)


async def test_a_watched_folder_that_changes_is_read_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    schedule = Schedule(rebuilding(tmp_path), tmp_path, None, {"notes": [tmp_path / "articles"]}, quiet=0.1)
    async with schedule:
        await asyncio.sleep(1.0)  # until it watches
        (tmp_path / "articles" / "a.md").write_text("New.")

        assert ["['notes']"] == await until(tmp_path, 1)
        assert None is schedule.due


async def test_what_changed_is_read_later_where_a_rebuild_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one does while another process rebuilds, which may have read the folder before it changed."""
    monkeypatch.setattr("bot.schedule._AGAIN", 0.1)
    (tmp_path / "articles").mkdir()
    schedule = Schedule(rebuilding(tmp_path, status=2), tmp_path, None, {"notes": [tmp_path / "articles"]}, quiet=0.1)
    async with schedule:
        await asyncio.sleep(1.0)  # until it watches
        (tmp_path / "articles" / "a.md").write_text("New.")

        assert ["['notes']"] * 2 == (await until(tmp_path, 2))[:2]


async def test_what_changed_before_a_rebuild_that_failed_is_not_forgotten(tmp_path: Path) -> None:
    schedule = Schedule(rebuilding(tmp_path, status=2), tmp_path, Timetable(cron="0 4 * * *"))
    schedule._changed.add("notes")

    assert None is await schedule.once()
    assert {"notes"} == set(schedule._again)


async def test_what_cannot_be_read_is_tried_again_less_and_less_often_and_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.schedule._AGAIN", 0.1)
    schedule = Schedule(rebuilding(tmp_path, status=2), tmp_path, None, {"notes": [tmp_path]}, quiet=60.0)
    schedule._changed.add("notes")
    async with schedule:
        await until(tmp_path, 4)
        # The time after the fourth is set as soon as its process has ended.
        async with asyncio.timeout(10):
            while schedule._again["notes"].after < 0.8:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    assert 1 == caplog.text.count("The rebuild failed")
    monkeypatch.setattr("bot.schedule._AGAIN_AT_MOST", 1.0)
    for _ in range(3):
        schedule._note(["notes"], None)
    assert 1.0 == schedule._again["notes"].after


async def test_a_source_that_cannot_be_read_delays_neither_another_nor_what_is_due(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.schedule._LOOK", 0.1)
    clock = Clock()
    *python, program = rebuilding(tmp_path)._command
    fails = Rebuilding([*python, f"{program} if 'notes' not in sys.argv else sys.exit(2)"])
    schedule = Schedule(fails, tmp_path, Timetable(every=3600.0), {"notes": [tmp_path], "blog": []}, 60.0, clock)
    schedule._began()
    schedule._changed.add("notes")
    async with schedule:
        await until(tmp_path, 1)
        schedule._changed.add("blog")
        schedule._wake.set()
        await until(tmp_path, 2)
        clock.now += timedelta(hours=1)

        assert ["['notes']", "['blog']", "[]"] == await until(tmp_path, 3)


@pytest.mark.parametrize("at_its_time", [False, True])
async def test_a_watched_source_in_trouble_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_its_time: bool
) -> None:
    """As one is whose file was half written."""
    monkeypatch.setattr("bot.schedule._AGAIN", 0.1)
    trouble = [{"name": "notes", "failure": "half written"}, {"name": "news", "failure": "down"}]
    table = Timetable(every=3600.0) if at_its_time else None
    schedule = Schedule(rebuilding(tmp_path, trouble, 1), tmp_path, table, {"notes": [tmp_path]}, quiet=60.0)
    if not at_its_time:
        schedule._changed.add("notes")
    async with schedule:
        assert ["[]" if at_its_time else "['notes']", "['notes']"] == (await until(tmp_path, 2))[:2]


async def test_a_folder_that_cannot_be_watched_is_told_once_and_read_when_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.schedule._AGAIN", 0.1)
    monkeypatch.setattr("bot.schedule._AGAIN_AT_MOST", 60.0)
    schedule = Schedule(rebuilding(tmp_path, status=2), tmp_path, None, {"notes": [tmp_path / "articles"]}, quiet=0.1)
    schedule._note(["notes"] * 12, None)  # by and by it is read each minute only
    async with schedule:
        await asyncio.sleep(0.5)
        assert [] == asked(tmp_path)
        (tmp_path / "articles").mkdir()
        await until(tmp_path, 1)

    assert 1 == caplog.text.count("cannot be watched")


async def test_a_source_in_trouble_is_no_failed_rebuild(tmp_path: Path) -> None:
    told: list[Stage] = []
    trouble = [{"name": "blog", "failure": "down"}, {"name": "news", "failure": None}]
    done = await rebuilding(tmp_path, trouble, status=1).run(told.append)

    assert ("blog",) == done.trouble
    assert [Stage("read", None, "blog", 2)] == told
    with pytest.raises(RebuildFailed):
        await rebuilding(tmp_path, status=2).run()


async def test_a_failed_rebuild_is_tried_again_when_it_is_next_due(tmp_path: Path, caplog) -> None:
    clock = Clock()
    schedule = Schedule(Rebuilding([sys.executable, "-c", "exit(3)"]), tmp_path, Timetable(every=60.0), clock=clock)

    assert None is await schedule.once()
    assert "index is as it was before" in caplog.text
    schedule._look()
    assert clock.now + timedelta(seconds=60) == schedule.due


async def test_only_the_secrets_that_sources_name_are_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CMS_TOKEN", "OTHER_TOKEN", "DISCORD_TOKEN"):
        monkeypatch.setenv(name, "secret")
    text = json.dumps(REPORT)
    program = f"import os; open({str(tmp_path / 'seen')!r}, 'w').write(str(sorted(os.environ))); print({text!r})"
    await Rebuilding([sys.executable, "-c", program], {"CMS_TOKEN", "DISCORD_TOKEN"}).run()

    seen = (tmp_path / "seen").read_text()
    assert (True, False, False) == ("'CMS_TOKEN'" in seen, "OTHER_TOKEN" in seen, "DISCORD_TOKEN" in seen)


@pytest.mark.parametrize(
    ("cron", "calendar"),
    [
        ("0 4 * * *", "*-*-* 4:0:00"),
        ("*/15 * * * 1-5", "Mon,Tue,Wed,Thu,Fri *-*-* *:0/15:00"),
        ("0 4 * * 0-2", "Sun,Mon,Tue *-*-* 4:0:00"),
        ("0 4 * * 5-7", "Sun,Fri,Sat *-*-* 4:0:00"),
        ("0 4 * * 3/2", "Sun,Wed,Fri *-*-* 4:0:00"),
        ("0 4 * * */3", "Sun,Wed,Sat *-*-* 4:0:00"),
        ("30 6,18 1 */2 *", "*-1/2-1 6,18:30:00"),
        ("0 0 * * 0,6", "Sun,Sat *-*-* 0:0:00"),
    ],
)
def test_systemd_is_told_the_same_times(cron: str, calendar: str) -> None:
    assert calendar == _calendar(cron)


def test_the_units_name_the_home_and_a_schedule_that_is_missing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FOOTNOTE_CONFIG", raising=False)
    nothing = CliRunner().invoke(app, ["index", "schedule", "--home", "home"])
    (tmp_path / "footnote.toml").write_text('[schedule]\ncron = "0 4 * * 1"\ntimezone = "Europe/Berlin"\n')
    units = CliRunner().invoke(app, ["index", "schedule", "--print-systemd", "--home", "home"])

    assert (2, True) == (nothing.exit_code, "under [schedule]" in nothing.stderr)
    assert "OnCalendar=Mon *-*-* 4:0:00 Europe/Berlin\n" in units.stdout
    assert f'index schedule --once --home "{tmp_path / "home"}"\n' in units.stdout
    assert f'Environment="FOOTNOTE_CONFIG={tmp_path / "footnote.toml"}"\n' in units.stdout


def test_the_units_name_no_configuration_that_is_not_there_and_what_else_has_to_be_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FOOTNOTE_CONFIG", raising=False)
    monkeypatch.setenv("FOOTNOTE_SCHEDULE__EVERY", "6h")
    bare = CliRunner().invoke(app, ["index", "schedule", "--print-systemd", "--home", "home"])
    (tmp_path / "footnote.toml").write_text(
        '[[sources]]\nname = "Wire"\nkind = "feed"\nurl = "https://wire.example/feed"\ntoken_env = "WIRE_TOKEN"\n'
    )
    let_in = CliRunner().invoke(app, ["index", "schedule", "--print-systemd", "--home", "home"])

    assert (0, False) == (bare.exit_code, "Environment" in bare.stdout)
    assert "# A file that sets WIRE_TOKEN:\n# EnvironmentFile=\n" in let_in.stdout


def test_systemd_reads_a_path_as_it_is_whatever_is_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FOOTNOTE_CONFIG", raising=False)
    folder = tmp_path / "50% of $HOME"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "footnote.toml").write_text('[schedule]\nevery = "6h"\n')

    units = CliRunner().invoke(app, ["index", "schedule", "--print-systemd", "--home", 'a "home"']).stdout

    assert f"WorkingDirectory={tmp_path}/50%% of $HOME\n" in units
    assert f'Environment="FOOTNOTE_CONFIG={tmp_path}/50%% of $HOME/footnote.toml"\n' in units
    assert f'--home "{tmp_path}/50%% of $$HOME/a \\"home\\""\n' in units
