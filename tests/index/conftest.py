"""What the tests of the index share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.index.fetch.web import Web


@pytest.fixture
def web() -> Iterator[Web]:
    """A web server on loopback that does what it is told."""
    with Web() as served:
        yield served
