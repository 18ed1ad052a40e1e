"""Which generations are kept, which can be gone back to, and that nothing is removed that somebody reads."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index import GenerationBroken, GenerationMismatch, IndexSettings, NoGeneration, current_id
from index.generations.home import generations_folder, served
from index.generations.lease import Lease, remove_unread
from index.generations.listing import compare, list_generations
from index.generations.operations import prune_home, rollback
from index.generations.retention import Pruned, Retention
from tests.index.generations.conftest import Two
from tests.index.homes import SETTINGS, opened, rebuild, write


def there(home: Path) -> set[str]:
    return {path.name for path in generations_folder(home).iterdir()}


def age(home: Path, name: str, days: float) -> None:
    """Say that a generation was built so long ago."""
    path = generations_folder(home) / name / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["built_at"] = (datetime.now(UTC) - timedelta(days=days)).isoformat()
    path.write_text(json.dumps(manifest))


def test_as_many_generations_are_kept_as_configured(two: Two) -> None:
    write(two.articles, "ferry", "The ferry to the island was sold.")
    third = rebuild(two.articles, two.home, retention=Retention(keep=3)).generation

    assert (third, two.second, two.first) == served(two.home)
    assert Pruned((two.first,), ()) == prune_home(two.home, Retention(keep=2), dry_run=True)
    assert Pruned((two.first,), ()) == prune_home(two.home, Retention(keep=2))
    assert {third, two.second} == there(two.home)


def test_old_generations_are_removed_by_age_but_never_the_one_that_serves(two: Two) -> None:
    age(two.home, two.first, 8)
    age(two.home, two.second, 300)

    assert Pruned((), ()) == prune_home(two.home, Retention(days=9))
    assert Pruned((two.first,), ()) == prune_home(two.home, Retention(days=7))
    assert two.second == current_id(two.home)


def test_a_clock_that_was_set_back_changes_no_order_and_removes_nothing(two: Two) -> None:
    age(two.home, two.first, -400)

    assert [two.second, two.first] == [row.id for row in list_generations(two.home)]
    assert 0 == list_generations(two.home)[1].age_seconds
    assert Pruned((), ()) == prune_home(two.home, Retention(days=1))


def test_what_holds_a_deleted_article_goes_with_the_rebuild_that_finds_it_gone(two: Two) -> None:
    (two.articles / "museum.jsonl").unlink()
    third = rebuild(two.articles, two.home).generation

    assert (third,) == served(two.home)
    assert {third} == there(two.home)
    with pytest.raises(NoGeneration, match="keep_deleted_days"):
        rollback(two.home, SETTINGS)


def test_what_holds_a_deleted_article_is_kept_for_the_days_that_are_configured(two: Two) -> None:
    (two.articles / "museum.jsonl").unlink()
    keep = Retention(deleted_days=3)
    third = rebuild(two.articles, two.home, retention=keep).generation
    assert (third, two.second) == served(two.home)
    age(two.home, third, 4)

    assert Pruned((two.second,), ()) == prune_home(two.home, keep)


def test_an_article_that_came_back_was_not_deleted(two: Two) -> None:
    museum = (two.articles / "museum.jsonl").read_text()
    (two.articles / "museum.jsonl").unlink()
    keep = Retention(keep=4, deleted_days=3)
    third = rebuild(two.articles, two.home, retention=keep).generation
    (two.articles / "museum.jsonl").write_text(museum)
    fourth = rebuild(two.articles, two.home, retention=keep).generation

    prune_home(two.home, Retention(keep=4))

    assert (fourth, third, two.second, two.first) == served(two.home)


def test_what_is_read_stays_until_the_last_reader_has_gone(two: Two) -> None:
    rollback(two.home, SETTINGS)
    reader = opened(two.home)
    another = Lease(generations_folder(two.home) / two.first)
    rollback(two.home, SETTINGS)

    assert Pruned((), (two.first,)) == prune_home(two.home, Retention(keep=1))
    another.close()
    assert reader.search("astrolabe")
    assert two.first in there(two.home)
    reader.close()
    assert {two.second} == there(two.home)


def test_the_lease_of_a_process_that_was_killed_is_free(two: Two) -> None:
    holds = "import sys, time; from pathlib import Path; from index.generations.lease import Lease\n"
    holds += "lease = Lease(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
    folder = generations_folder(two.home) / two.first
    with subprocess.Popen([sys.executable, "-c", holds, folder], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert b"held\n" == holder.stdout.readline()
        assert [False, True] == [row.read for row in list_generations(two.home)]
        assert Pruned((), (two.first,)) == prune_home(two.home, Retention(keep=1))
        holder.kill()

    rebuild(two.articles, two.home)
    assert {two.second} == there(two.home), "what a killed reader left is removed by the next build"


def test_without_locks_an_index_is_read_and_nothing_is_removed(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    lease = Lease(generations_folder(two.home) / two.first)

    assert not remove_unread(generations_folder(two.home) / two.first)
    lease.close()
    assert two.first in there(two.home)


def test_a_generation_that_is_gone_cannot_be_leased(two: Two) -> None:
    prune_home(two.home, Retention(keep=1))

    with pytest.raises(GenerationBroken, match="another has replaced it"):
        Lease(generations_folder(two.home) / two.first)


def test_rollback_goes_back_and_forth_and_removes_nothing(two: Two) -> None:
    assert two.first == rollback(two.home, SETTINGS)
    with opened(two.home) as index:
        assert two.first == index.summary.generation
        assert not [hit for hit in index.search("river") if hit.article.id == "flood"]
    assert two.second == rollback(two.home, SETTINGS)
    assert two.first == rollback(two.home, SETTINGS, two.first[:-2])


def test_rollback_refuses_what_is_damaged_unknown_or_of_other_settings(two: Two) -> None:
    with pytest.raises(NoGeneration, match=f"There are: {two.second}, {two.first}"):
        rollback(two.home, SETTINGS, "elsewhere")
    with pytest.raises(NoGeneration, match="Several"):
        rollback(two.home, SETTINGS, "2")
    with pytest.raises(GenerationMismatch, match="passage_tokens"):
        rollback(two.home, IndexSettings(passage_tokens=100))
    with (generations_folder(two.home) / two.first / "articles.db").open("r+b") as file:
        file.seek(5000)
        file.write(b"\xff")
    with pytest.raises(GenerationBroken, match=r"articles\.db is not as it was published"):
        rollback(two.home, SETTINGS)

    assert two.second == current_id(two.home)


def test_a_build_after_going_back_starts_from_what_serves(two: Two) -> None:
    rollback(two.home, SETTINGS)
    report = rebuild(two.articles, two.home)

    assert (1, 1, 2) == (report.added, report.changed, report.unchanged)


def test_two_generations_are_compared_by_their_articles(two: Two) -> None:
    found = compare(two.home)

    assert (two.first, two.second, 2) == (found.before, found.after, found.unchanged)
    assert (["flood"], ["ferry"], []) == (
        [article.id for article in found.added],
        [article.id for article in found.changed],
        [article.id for article in found.removed],
    )
    back = compare(two.home, two.second, two.first)
    assert ["flood"] == [article.id for article in back.removed]
