"""The desk over the real asker and a real ledger: what is let in, answered once, and put on record."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.ask import Asker, AsyncAsker, QuestionRefused
from bot.desk import Desk, Visit
from bot.ledger import AsyncLedger
from bot.limits import Rate
from bot.model import Answer, Question, Status, Strictness
from bot.policies import FRESH
from bot.policy import Policy
from bot.refusal import Refused
from index import Filter

ASTROLABE = Question("Where was the stolen Carrow Astrolabe found?")
TUNGSTEN = Question("What is the boiling point of tungsten hexafluoride?")
HERE = Visit(guild=1, channel=10, parent=None, member=100)


class CountingAsker(AsyncAsker):
    """The real one, which counts what it is asked."""

    asked: list[Question]

    async def ask(self, question: Question, progress: Callable[[Answer], None] | None = None) -> Answer:
        self.asked.append(question)
        return await super().ask(question, progress)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def asker(seed_asker: Asker) -> CountingAsker:
    return CountingAsker(seed_asker)


@pytest.fixture(scope="module")
def ledger() -> Iterator[AsyncLedger]:
    ledger = AsyncLedger()
    yield ledger
    asyncio.run(ledger.close())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(asker: CountingAsker, ledger: AsyncLedger, clock: Clock) -> Desk:
    asker.asked = []
    return Desk(asker, ledger, clock=clock)


async def test_an_answer_is_on_record_with_who_asked_where(desk: Desk, ledger: AsyncLedger) -> None:
    served = await desk.ask(ASTROLABE, HERE)
    ask = await ledger.run(lambda it: it.asks.get(served.ask_id))

    assert ask
    assert (ASTROLABE.text, "answered", 1, 10, "command") == (
        ask.question,
        ask.status,
        ask.guild,
        ask.channel,
        ask.surface,
    )
    assert [(one.quote, one.article_id) for one in served.answer.citations] == [
        (one.quote, one.article_id) for one in ask.citations
    ]


async def test_equal_questions_of_many_members_at_once_are_answered_once_and_each_is_on_record(
    desk: Desk, asker: CountingAsker, ledger: AsyncLedger
) -> None:
    visits = [replace(HERE, member=member, guild=member % 3, channel=member) for member in range(1, 21)]
    served = await asyncio.gather(*(desk.ask(replace(ASTROLABE, member=str(one.member)), one) for one in visits))

    assert 1 == len(asker.asked)
    assert 20 == len({one.ask_id for one in served})
    assert [str(one.member) for one in visits] == [one.answer.question.member for one in served]
    assert 1 == len({one.answer.citations for one in served})
    kept = [await ledger.run(lambda it, id=one.ask_id: it.asks.get(id)) for one in served]
    assert [one.channel for one in visits] == [ask.channel for ask in kept if ask]


@pytest.mark.parametrize(
    "other",
    [
        replace(ASTROLABE, text="Who led the inquiry?"),
        replace(ASTROLABE, filter=Filter(since=date(2026, 1, 1))),
        replace(ASTROLABE, language="de"),
        replace(ASTROLABE, strictness=Strictness.STRICT),
        replace(ASTROLABE, asked_at=date(2026, 3, 1)),
    ],
    ids=["text", "filter", "language", "strictness", "day"],
)
async def test_what_decides_an_answer_tells_questions_apart(desk: Desk, asker: CountingAsker, other: Question) -> None:
    alone = (await desk.ask(other, HERE)).answer
    desk.forget()
    await asyncio.gather(desk.ask(ASTROLABE, HERE), desk.ask(other, HERE))
    again = (await desk.ask(other, HERE)).answer

    assert 3 == len(asker.asked)
    assert (alone.text, alone.citations) == (again.text, again.citations)


async def test_what_was_answered_lately_is_answered_from_memory_until_the_day_is_over(
    asker: CountingAsker, ledger: AsyncLedger
) -> None:
    asker.asked = []
    today = [date(2026, 3, 1)]
    desk = Desk(asker, ledger, today=lambda: today[0])
    first = await desk.ask(ASTROLABE, HERE)
    second = await desk.ask(ASTROLABE, replace(HERE, member=2))
    today[0] = date(2026, 3, 2)
    third = await desk.ask(ASTROLABE, HERE)

    assert 2 == len(asker.asked)
    assert first.answer.citations == second.answer.citations == third.answer.citations
    assert first.ask_id != second.ask_id


async def test_whoever_asks_again_is_answered_anew(desk: Desk, asker: CountingAsker) -> None:
    await desk.ask(ASTROLABE, HERE)
    await desk.ask(ASTROLABE, replace(HERE, surface="again"))

    assert 2 == len(asker.asked)


async def test_a_private_answer_is_shared_with_nobody_and_kept_nowhere(desk: Desk, asker: CountingAsker) -> None:
    private = replace(HERE, private=True)
    await asyncio.gather(desk.ask(ASTROLABE, private), desk.ask(ASTROLABE, replace(private, member=2)))
    await desk.ask(ASTROLABE, HERE)
    await desk.ask(ASTROLABE, private)

    assert 4 == len(asker.asked)


async def test_a_follow_up_is_not_answered_by_what_others_meant(desk: Desk, asker: CountingAsker) -> None:
    from bot.conversation import Turn

    follow_up = Question("When was that?")
    turns = (Turn.of("Where was the stolen Carrow Astrolabe found?"), Turn.of("Who opened the Sailmaker Bridge?"))
    meant = [(await desk.ask(replace(follow_up, turns=(turn,)), HERE)).answer.understood for turn in turns]
    await desk.ask(follow_up, HERE)

    assert 3 == len(asker.asked)
    assert meant[0] != meant[1]


async def test_an_index_that_is_new_is_asked_anew(
    desk: Desk, asker: CountingAsker, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def another() -> str:
        return "another"

    await desk.ask(ASTROLABE, HERE)
    monkeypatch.setattr(asker, "generation", another)
    await desk.ask(ASTROLABE, HERE)
    await desk.ask(ASTROLABE, HERE)

    assert 3 == len(asker.asked), "and what the old one still answers is not kept for it"


async def test_whoever_asks_a_lot_is_told_when_to_go_on(
    asker: CountingAsker, ledger: AsyncLedger, clock: Clock
) -> None:
    desk = Desk(asker, ledger, rates={"member": Rate(3, 120)}, clock=clock)
    for _ in range(3):
        await desk.ask(ASTROLABE, HERE)
    with pytest.raises(Refused) as refused:
        await desk.ask(ASTROLABE, HERE)
    await desk.ask(ASTROLABE, replace(HERE, member=2))
    clock.now += 40
    await desk.ask(ASTROLABE, HERE)

    assert ("desk.limit_member", 40) == (refused.value.text, refused.value.seconds)


async def test_where_and_by_whom_it_may_not_be_asked_is_set_by_server_and_channel(
    desk: Desk, ledger: AsyncLedger, clock: Clock
) -> None:
    async def refused(visit: Visit) -> str:
        try:
            await desk.ask(ASTROLABE, visit)
        except Refused as error:
            return error.text
        return ""

    there = replace(HERE, guild=2)
    await desk.policies.set(2, None, "answer_in", [10, 11])
    await desk.policies.set(2, 11, "roles", [7])

    assert ["", "desk.not_here", "", "desk.not_you", ""] == [
        await refused(there),
        await refused(replace(there, channel=12)),
        await refused(replace(there, channel=99, parent=10)),
        await refused(replace(there, channel=11)),
        await refused(replace(there, channel=11, roles=frozenset({7}))),
    ]
    assert "" == await refused(replace(HERE, channel=12)), "another server is not concerned"
    await desk.policies.set(2, 50, "roles", [])  # a thread in that channel, for everybody
    assert "" == await refused(replace(there, channel=50, parent=11))
    # As the command line does, in a process of its own.
    await ledger.run(lambda it: it.settings.set(2, None, "answer_in", None))
    clock.now += FRESH

    assert "" == await refused(replace(there, channel=12))


async def test_direct_messages_can_be_declined(asker: CountingAsker, ledger: AsyncLedger) -> None:
    with pytest.raises(Refused, match=r"desk\.no_direct"):
        await Desk(asker, ledger, policy=Policy(direct=False)).ask(ASTROLABE, replace(HERE, guild=None))


async def test_only_the_publishers_of_a_server_are_quoted(desk: Desk, seed_asker: Asker) -> None:
    allowed = ["The Harbour Post", "Radio Varr"]
    await desk.policies.set(3, None, "sources", allowed)
    there = replace(HERE, guild=3)
    served = await desk.ask(ASTROLABE, there)
    with pytest.raises(Refused) as refused:
        await desk.ask(replace(ASTROLABE, filter=Filter(sources=("Coastwire",))), there)

    assert {citation.source for citation in served.answer.citations} <= set(allowed)
    assert "desk.source" == refused.value.text
    assert allowed[0] in str(refused.value.values["sources"])


async def test_on_record_is_what_the_member_left_out_and_in_force_what_the_server_does(
    desk: Desk, ledger: AsyncLedger
) -> None:
    there = replace(HERE, guild=4)
    await desk.policies.set(4, None, "sources", ["Coastwire"])
    served = await desk.ask(replace(ASTROLABE, filter=Filter(since=date(2025, 1, 1))), there)
    ask = await ledger.run(lambda it: it.asks.get(served.ask_id))
    await desk.policies.set(4, None, "sources", ["Radio Varr"])

    assert ask and Filter(since=date(2025, 1, 1)) == ask.filter
    assert ("Coastwire",) == served.answer.question.filter.sources
    assert ("Radio Varr",) == (await desk.read(replace(ASTROLABE, filter=ask.filter), there)).filter.sources
    with pytest.raises(Refused, match=r"desk\.source"):
        await desk.read(served.answer.question, there)


async def test_looking_through_what_was_found_counts_like_asking(asker: CountingAsker, ledger: AsyncLedger) -> None:
    desk = Desk(asker, ledger, rates={"member": Rate(1, 60)})
    await desk.read(ASTROLABE, HERE)
    with pytest.raises(Refused, match=r"desk\.limit_member"):
        await desk.read(ASTROLABE, HERE)


async def test_a_publisher_that_does_not_exist_is_refused(desk: Desk) -> None:
    with pytest.raises(QuestionRefused, match="Daily"):
        await desk.ask(replace(ASTROLABE, filter=Filter(sources=("The Daily Nothing",))), HERE)


async def test_strictness_and_language_are_those_of_the_channel(desk: Desk) -> None:
    unsure = replace(ASTROLABE, asked_at=date(2027, 3, 1))
    await desk.policies.set(4, 20, "strictness", "strict")
    await desk.policies.set(4, 21, "strictness", "eager")
    await desk.policies.set(4, None, "language", "de")
    strict = (await desk.ask(unsure, replace(HERE, guild=4, channel=20))).answer
    eager = (await desk.ask(unsure, replace(HERE, guild=4, channel=21))).answer

    assert ("de", "de") == (strict.question.language, eager.question.language)
    assert (Strictness.STRICT, Strictness.EAGER) == (strict.question.strictness, eager.question.strictness)
    assert strict.confidence == eager.confidence


async def test_silence_where_nobody_asked_leaves_no_record(desk: Desk, ledger: AsyncLedger) -> None:
    unasked = replace(HERE, surface="auto")
    silent = await desk.ask(TUNGSTEN, unasked)
    said = await desk.ask(ASTROLABE, unasked)

    assert Status.ANSWERED is not silent.answer.status
    assert None is await ledger.run(lambda it: it.asks.get(silent.ask_id))
    assert None is not await ledger.run(lambda it: it.asks.get(said.ask_id))


async def test_a_broken_ledger_costs_no_answer(asker: CountingAsker, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    broken = AsyncLedger(f"sqlite:///{tmp_path}/file/ledger.db")
    served = await Desk(asker, broken).ask(ASTROLABE, HERE)

    assert Status.ANSWERED is served.answer.status
    assert broken.failed
    await broken.close()


async def test_whoever_waits_is_told_their_place(
    asker: CountingAsker, ledger: AsyncLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.desk.FIRST_PLACE", 0.0)
    monkeypatch.setattr("bot.desk.BETWEEN_PLACES", 0.005)
    desk = Desk(asker, ledger)
    places: list[list[int]] = [[] for _ in range(4)]
    await asyncio.gather(
        *(
            desk.ask(replace(ASTROLABE, text=f"Who was seen on day {number}?"), HERE, queued=told.append)
            for number, told in enumerate(places)
        )
    )

    assert [[], [1], [2], [3]] == sorted(told[:1] for told in places)
    assert all(told == sorted(told, reverse=True) for told in places)
