"""Work beside the embedding is done in order, and what fails there reaches the caller."""

from __future__ import annotations

import threading

import pytest

from index.background import Background


def test_calls_run_one_after_another_on_another_thread() -> None:
    done: list[tuple[int, bool]] = []
    with Background() as background:
        for i in range(20):
            background.run(lambda i=i: done.append((i, threading.current_thread() is threading.main_thread())))
        background.finish()

    assert [(i, False) for i in range(20)] == done


def fail() -> None:
    raise OSError("no space left on device")


def test_a_failure_reaches_the_caller_and_nothing_runs_after_it() -> None:
    done: list[int] = []
    with pytest.raises(OSError, match="no space"), Background() as background:
        background.run(fail)
        for i in range(20):
            background.run(lambda i=i: done.append(i))
        background.finish()

    assert [] == done


def test_few_calls_wait_however_many_come() -> None:
    gate, waiting = threading.Event(), threading.Semaphore(0)

    def produce(background: Background) -> None:
        for _ in range(10):
            background.run(gate.wait)  # type: ignore[arg-type]
            waiting.release()

    with Background(waiting=1) as background:
        producer = threading.Thread(target=produce, args=(background,))
        producer.start()
        assert all(waiting.acquire(timeout=10) for _ in range(2))
        third = waiting.acquire(timeout=0.2)
        gate.set()
        producer.join()
        background.finish()

    assert not third


def test_what_the_caller_raises_ends_the_work_and_is_what_is_raised() -> None:
    with pytest.raises(KeyboardInterrupt), Background() as background:
        background.run(lambda: None)
        raise KeyboardInterrupt
