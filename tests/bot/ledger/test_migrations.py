"""The tables of every earlier release become today's and go back, with what is in them, in every kind of database."""

from __future__ import annotations

import threading
from datetime import date, datetime
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, BigInteger, Boolean, Date, DateTime, Engine, Float, Integer, MetaData, create_engine, text

from bot.ledger import Ledger, LedgerFailure
from bot.ledger.migrate import SCRIPTS, migrate
from bot.ledger.schema import HEAD, tables
from tests.bot.ledger.records import ask_with

_config = Config()
_config.set_main_option("script_location", str(SCRIPTS))
REVISIONS = [one.revision for one in ScriptDirectory.from_config(_config).walk_revisions()][::-1]
VERSION = "alembic_version"


def at(engine: Engine, revision: str) -> None:
    """Bring a database to a revision."""
    with engine.begin() as connection:
        migrate(connection, revision)


def rows_of(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """Return what every table holds."""
    found = MetaData()
    found.reflect(engine)
    with engine.connect() as connection:
        return {
            table.name: sorted((dict(row._mapping) for row in connection.execute(table.select())), key=str)
            for table in found.sorted_tables
            if table.name != VERSION
        }


def value_of(column: Any, number: int) -> Any:
    """Return something for a column to hold."""
    kinds: list[tuple[type, Any]] = [
        (Boolean, True),
        (BigInteger, 2**62 + number),
        (Integer, number),
        (Float, number / 2),
        (DateTime, datetime(2026, 1, 1, number)),
        (Date, date(2026, 1, number)),
        (JSON, ["a", {"b": number}]),
    ]
    made = next((value for kind, value in kinds if isinstance(column.type, kind)), f"{column.name}{number}")
    # What refers to an ask refers to one that is there.
    return f"id{number}" if column.foreign_keys else made


def fill(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """Put two rows into every table, and return what they hold."""
    found = MetaData()
    found.reflect(engine)
    with engine.begin() as connection:
        for table in found.sorted_tables:
            if table.name != VERSION:
                rows = [{column.name: value_of(column, number) for column in table.columns} for number in (1, 2)]
                connection.execute(table.insert(), rows)
    return rows_of(engine)


def test_the_newest_step_is_the_one_the_program_expects() -> None:
    assert HEAD == REVISIONS[-1]


def test_an_empty_database_gets_the_tables_as_they_are_described(url: str) -> None:
    Ledger(url).open()
    engine = create_engine(url)
    with engine.connect() as connection:
        assert [] == compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), tables)
    engine.dispose()


@pytest.mark.parametrize("revision", REVISIONS)
def test_what_an_earlier_release_kept_is_kept_up_and_down(url: str, revision: str) -> None:
    engine = create_engine(url)
    at(engine, revision)
    before = fill(engine)
    assert all(len(rows) == 2 for rows in before.values())
    with Ledger(url) as ledger:
        ask = ask_with()
        ledger.asks.record(ask)

        assert ask == ledger.asks.get(ask.id)
        assert ledger.asks.get("id1")
    after = rows_of(engine)
    at(engine, revision)
    back = rows_of(engine)
    engine.dispose()

    for table, rows in before.items():
        assert rows == [row for row in back[table] if row in rows], table
        assert len(rows) <= len(after[table])
    assert before.keys() == back.keys()


def test_a_database_can_be_emptied_of_tables_and_filled_again(url: str) -> None:
    engine = create_engine(url)
    at(engine, "head")
    fill(engine)
    at(engine, "base")
    assert {} == rows_of(engine)
    at(engine, "head")
    assert set(tables.tables) == set(rows_of(engine))
    engine.dispose()


def test_tables_of_a_newer_release_are_left_alone(url: str) -> None:
    Ledger(url).open()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION} SET version_num = 'r9999'"))
    with pytest.raises(LedgerFailure, match="newer Footnote"):
        Ledger(url).open()
    engine.dispose()


def test_programs_that_begin_at_once_make_the_tables_once(url: str) -> None:
    problems: list[BaseException] = []

    def begin() -> None:
        try:
            with Ledger(url) as ledger:
                ledger.asks.record(ask_with())
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [] == [str(problem) for problem in problems]
    assert 4 == len(rows_of(create_engine(url))["asks"])
