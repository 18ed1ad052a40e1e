"""What is in force where somebody asks."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Question, Strictness
from bot.policy import SETTINGS, Policy, written
from bot.server_sections import ServerSection
from index import Filter

IDS = st.lists(st.integers(1, 2**64 - 1), max_size=5, unique=True).map(sorted)
SOURCES = st.lists(st.sampled_from(["The Harbour Post", "Radio Varr", "朝日, 夕刊"]), max_size=3, unique=True)
STORED: dict[str, st.SearchStrategy[object]] = {
    "answer_in": IDS,
    "auto_answer": IDS,
    "roles": IDS,
    "rebuild_roles": IDS,
    "language": st.sampled_from(["auto", "de", "ja"]),
    "strictness": st.sampled_from([one.value for one in Strictness]),
    "sources": SOURCES,
    "generate": st.booleans(),
    "threads": st.sampled_from(["follow", "open", "off"]),
    "tokens_a_day": st.integers(0, 1_000_000_000),
}
LAYER = st.fixed_dictionaries({}, optional=STORED)


@given(LAYER, LAYER)
def test_the_channel_goes_before_the_server_and_that_before_the_default(
    guild: dict[str, object], channel: dict[str, object]
) -> None:
    default = Policy(language="fr", tokens_a_day=7)
    policy = default.under(guild, channel)

    for key, setting in SETTINGS.items():
        value = channel.get(key, guild.get(key))
        assert getattr(policy, key) == (getattr(default, key) if value is None else setting.field(value))


@given(st.sampled_from(sorted(STORED)).flatmap(lambda key: st.tuples(st.just(key), STORED[key])))
def test_what_is_shown_of_a_setting_can_be_written_again(case: tuple[str, object]) -> None:
    key, stored = case

    assert SETTINGS[key].read(written(key, stored)) == stored


def test_every_setting_is_one_of_the_policy_and_of_the_configuration() -> None:
    own = {field.name for field in fields(Policy)}

    assert own == set(ServerSection.model_fields)
    assert own - {"direct", "rebuild"} == set(SETTINGS) == set(STORED)
    assert Policy() == ServerSection().policy()


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("roles", "admins"),
        ("roles", "0"),
        ("roles", "1" * 21),
        ("roles", "<@123>"),
        ("answer_in", ""),
        ("answer_in", ", ".join(map(str, range(1, 102)))),
        ("language", "german"),
        ("language", "d'"),
        ("strictness", "harsh"),
        ("sources", "; ".join(map(str, range(26)))),
        ("sources", "x" * 201),
        ("generate", "maybe"),
        ("threads", "close"),
        ("tokens_a_day", "-1"),
        ("tokens_a_day", "1e9"),
        ("tokens_a_day", "٣"),
        ("tokens_a_day", "9999999999"),
    ],
)
def test_what_is_no_value_is_refused(key: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        SETTINGS[key].read(text)


@pytest.mark.parametrize(
    ("key", "text", "stored"),
    [
        ("roles", "<@&12> 3,4", [3, 4, 12]),
        ("answer_in", "<#12>", [12]),
        ("answer_in", "Everywhere", []),
        ("sources", "Radio Varr; The Harbour Post", ["Radio Varr", "The Harbour Post"]),
        ("sources", "all", []),
        ("generate", "Off", False),
        ("tokens_a_day", "100,000", 100_000),
        ("language", " DE ", "de"),
    ],
)
def test_settings_are_read_as_people_write_them(key: str, text: str, stored: object) -> None:
    assert stored == SETTINGS[key].read(text)


@pytest.mark.parametrize("value", [None, "x", [True], ["1"], [-1], [2**64], {"a": 1}, 1.5, [[1]]])
def test_what_the_ledger_should_not_hold_is_left_out(value: object) -> None:
    assert Policy() == Policy().under({"roles": value, "tokens_a_day": value, "unknown": value})


def test_a_thread_is_answered_where_its_channel_is() -> None:
    policy = Policy(answer_in=frozenset({1}), auto_answer=frozenset({2}))

    assert [True, True, False] == [policy.answers_in(1), policy.answers_in(9, 1), policy.answers_in(9, 2)]
    assert [True, True, False] == [policy.answers_unasked_in(*place) for place in ((2,), (9, 2), (9, 1))]


def test_one_of_the_roles_is_enough() -> None:
    assert Policy().may_ask(frozenset())
    assert not Policy(roles=frozenset({1, 2})).may_ask(frozenset({3}))
    assert Policy(roles=frozenset({1, 2})).may_ask(frozenset({2, 3}))


def test_a_question_is_answered_as_the_policy_has_it() -> None:
    policy = Policy(language="de", strictness=Strictness.STRICT, sources=("A", "B"), generate=False, tokens_a_day=5)
    free = policy.applied(Question("Who?", language="fr"))
    narrowed = policy.applied(Question("Who?", filter=Filter(sources=("a",))))

    assert ("de", Strictness.STRICT, ("A", "B"), False, 5) == (
        free.language,
        free.strictness,
        free.filter.sources,
        free.generate,
        free.server_tokens,
    )
    assert ("a",) == narrowed.filter.sources
    assert ["C"] == policy.barred(["C", "a"])
    assert [] == Policy().barred(["C"])
