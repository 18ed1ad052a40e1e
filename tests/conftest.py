"""What all tests share: one index of the sample articles, built once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from bot.ask import Asker
from bot.data import data_folder
from index import IndexSettings, build

# How long one example takes says nothing on a shared machine.
settings.register_profile("footnote", deadline=None)
settings.load_profile("footnote")


@pytest.fixture(scope="session")
def seed_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with an index of the sample articles. Read it; to change one, copy it first."""
    home = tmp_path_factory.mktemp("seeds") / "home"
    build([data_folder("seeds")], home, IndexSettings())
    return home


@pytest.fixture(scope="session")
def seed_asker(seed_home: Path) -> Iterator[Asker]:
    """The real asker over the sample articles, model loaded."""
    asker = Asker(seed_home, IndexSettings())
    asker.open()
    yield asker
    asker.close()
