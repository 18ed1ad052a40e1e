"""Equal questions are answered once, whoever leaves in between."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ask import Asker
from bot.model import Answer, Question
from bot.sharing import AnswerCache, InFlight, Progress


@pytest.fixture(scope="module")
def answer(seed_asker: Asker) -> Answer:
    return seed_asker.ask(Question("Where was the stolen Carrow Astrolabe found?"))


class Kitchen:
    """Answers when it is told to, and counts how often it was asked to begin."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.begun: list[Progress] = []
        self.go = asyncio.Event()
        self.fails = False

    async def __call__(self, tell: Progress) -> Answer:
        self.begun.append(tell)
        await self.go.wait()
        if self.fails:
            raise OSError("no")
        return self.answer


async def test_equal_questions_at_once_are_answered_once_and_all_are_told_how_it_comes_along(answer: Answer) -> None:
    kitchen, in_flight = Kitchen(answer), InFlight()
    told: list[list[Answer | int]] = [[], [], []]
    asking = [asyncio.create_task(in_flight.answer("q", kitchen, one.append)) for one in told]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    kitchen.begun[0](7)
    kitchen.begun[0](answer)
    kitchen.go.set()

    assert [answer] * 3 == await asyncio.gather(*asking)
    assert 1 == len(kitchen.begun)
    assert [[7, answer]] * 3 == told
    assert 0 == len(in_flight)


async def test_different_questions_do_not_wait_for_each_other(answer: Answer) -> None:
    slow, fast, in_flight = Kitchen(answer), Kitchen(replace(answer, text="other")), InFlight()
    waiting = asyncio.create_task(in_flight.answer("slow", slow))
    fast.go.set()

    assert "other" == (await in_flight.answer("fast", fast)).text
    assert not waiting.done()
    slow.go.set()
    await waiting


@given(leave=st.sets(st.integers(0, 3)))
def test_the_answer_comes_for_whoever_stays(answer: Answer, leave: set[int]) -> None:
    async def run() -> None:
        kitchen, in_flight = Kitchen(answer), InFlight()
        asking = [asyncio.create_task(in_flight.answer("q", kitchen)) for _ in range(4)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        for one in leave:
            asking[one].cancel()
        await asyncio.sleep(0)
        kitchen.go.set()
        got = await asyncio.gather(*asking, return_exceptions=True)

        assert [answer] * (4 - len(leave)) == [one for one in got if not isinstance(one, BaseException)]
        assert 1 == len(kitchen.begun)
        assert 0 == len(in_flight)

    asyncio.run(run())


async def test_once_nobody_waits_any_more_it_ends_and_the_next_begins_anew(answer: Answer) -> None:
    kitchen, in_flight = Kitchen(answer), InFlight()
    asking = asyncio.create_task(in_flight.answer("q", kitchen))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    again = asyncio.create_task(in_flight.answer("q", kitchen))
    kitchen.go.set()

    assert answer == await again
    assert 2 == len(kitchen.begun)


async def test_what_goes_wrong_goes_wrong_for_everybody_and_is_not_kept(answer: Answer) -> None:
    kitchen, in_flight = Kitchen(answer), InFlight()
    kitchen.fails = True
    kitchen.go.set()
    got = await asyncio.gather(*(in_flight.answer("q", kitchen) for _ in range(3)), return_exceptions=True)
    kitchen.fails = False

    assert [OSError] * 3 == [type(one) for one in got]
    assert answer == await in_flight.answer("q", kitchen)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 8)), max_size=60))
def test_the_cache_gives_back_what_was_put_and_is_bounded(answer: Answer, calls: list[tuple[bool, int]]) -> None:
    cache, put = AnswerCache(most=4), dict[int, Answer]()
    for number, (is_put, key) in enumerate(calls):
        if is_put:
            put[key] = replace(answer, text=str(number))
            cache.put(key, put[key])
            assert put[key] == cache.get(key)
        else:
            assert cache.get(key) in (None, put.get(key))
        assert len(cache) <= 4


def test_what_is_wanted_stays_longest(answer: Answer) -> None:
    cache = AnswerCache(most=2)
    for key in "ab":
        cache.put(key, answer)
    cache.get("a")
    cache.put("c", answer)

    assert (answer, None, answer) == (cache.get("a"), cache.get("b"), cache.get("c"))
