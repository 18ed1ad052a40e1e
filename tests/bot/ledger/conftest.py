"""Databases for the ledger's tests: a SQLite file, and PostgreSQL started here, where it is installed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.ledger import Ledger
from tests.bot.ledger.postgres import Postgres, PostgresMissing


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of our own; the test is skipped where none is installed."""
    try:
        server = Postgres()
    except PostgresMissing as error:
        pytest.skip(str(error))
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.emptied()


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    """A ledger in an empty database."""
    with Ledger(url) as opened:
        yield opened
