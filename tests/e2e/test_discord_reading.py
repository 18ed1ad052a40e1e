"""Reading an answer on Discord: what its buttons do, for whom, after a restart, and when they are made up."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.ask import Asker, AsyncAsker
from bot.buttons import Action, QuoteId, ask_button
from bot.client import FootnoteBot
from bot.cogs.views import view_of
from bot.ledger import Ask, AsyncLedger, Ledger
from bot.message import Button, Menu, Option, Rendered
from bot.model import Question
from index import IndexSettings, build
from tests.e2e.conftest import (
    CATALOGUES,
    FOUND,
    PROMPTS,
    QUESTION,
    WatchedAsker,
    World,
    embed_of,
    quotes_of,
    unescaped,
)

UNANSWERED = "What is the boiling point of tungsten hexafluoride?"


@pytest.fixture
def simcord_bot(asker: WatchedAsker, ledger: AsyncLedger) -> FootnoteBot:
    return FootnoteBot(asker, CATALOGUES, ledger=ledger)


@pytest.fixture
def ledger() -> AsyncLedger:
    return AsyncLedger("sqlite://")


async def restart(world: World, asker: AsyncAsker) -> None:
    await world.env.restart_bot(FootnoteBot(asker, CATALOGUES, ledger=world.bot.ledger))


def button(message: Any, label: str) -> dict[str, Any]:
    (found,) = [b for row in message.components for b in row["components"] if b.get("label") == label]
    return dict(found)


def ask_id_of(message: Any) -> str:
    return str(button(message, "Ask again")["custom_id"]).removeprefix(Action.AGAIN)


async def ratings(world: World) -> list[tuple[bool, str]]:
    return await world.bot.ledger.run(lambda ledger: [(one.helpful, one.reason) for one in ledger.ratings.all()])


async def wishes(world: World) -> int:
    return await world.bot.ledger.run(lambda ledger: len(ledger.wishes.open()))


async def put(world: World, *shown: Button, menu: Menu | None = None) -> Any:
    """Show buttons that somebody made up."""
    channel = world.guild_of_bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.send("made up", view=view_of(Rendered("", "", buttons=shown, menu=menu)))
    return world.channel.last_message


async def test_an_answer_offers_little_beside_its_quotes_and_every_button_says_what_it_does(world: World) -> None:
    answered = (await world.ask()).response
    rows = [[button["label"] for button in row["components"]] for row in answered.components]

    assert [["More results", "Ask again", "Helpful", "Not helpful"]] == rows[1:]
    assert all(label.startswith("Passage [") for label in rows[0])


async def test_more_results_are_paged_in_place_and_quote_nothing_twice_also_after_a_restart(
    world: World, asker: WatchedAsker
) -> None:
    answered = (await world.ask()).response
    quoted = {id for row in answered.components for b in row["components"] if (id := QuoteId.read(b["custom_id"]))}
    await restart(world, asker)
    first = await world.alice.click(answered, label="More results")
    page = embed_of(first.response)
    numbers = re.findall(r"^\*\*(\d+)\*\* ", page.description or "", re.MULTILINE)
    values = [option["value"] for option in first.response.components[0]["components"][0]["options"]]
    await world.alice.click(first.response, label="Next page")
    second = embed_of(first.response)

    assert first.response.ephemeral and QUESTION in unescaped(page.title or "")
    assert ["1", "2", "3", "4", "5"] == numbers
    assert not {named.passage for value in values if (named := QuoteId.read(value))} & {id.passage for id in quoted}
    assert "6" == re.findall(r"^\*\*(\d+)\*\* ", second.description or "", re.MULTILINE)[0]
    assert re.fullmatch(r"page 2 of \d", second.footer.text or "")
    options = first.response.components[0]["components"][0]["options"]
    chosen = await world.alice.select(first.response, [options[0]["value"]])

    assert "**" in (embed_of(chosen.response).description or "") and chosen.response.ephemeral


async def test_more_results_and_asking_again_heed_what_the_server_allows_by_then(world: World) -> None:
    policies = world.bot.desk.policies
    await policies.set(world.guild.id, None, "sources", ["The Harbour Post", "Coastwire"])
    answered = (await world.ask()).response
    await policies.set(world.guild.id, None, "sources", ["Radio Varr"])
    page = embed_of((await world.alice.click(answered, label="More results")).response)
    again = (await world.alice.click(answered, label="Ask again")).followups[0]

    assert {"Radio Varr"} == set(
        re.findall(r"Radio Varr|The Harbour Post|Coastwire", unescaped(page.description or ""))
    )
    assert "The Harbour Post" not in str(embed_of(again).to_dict())


async def test_a_question_asked_again_is_answered_anew_below_and_marked(world: World, asker: WatchedAsker) -> None:
    answered = (await world.ask()).response
    await restart(world, asker)
    again = await world.alice.click(answered, label="Ask again")
    (shown,) = again.followups
    embed = embed_of(shown)

    assert any(FOUND in quote for quote in quotes_of(embed))
    assert (embed.description or "").startswith("-# Asked again; first asked on ")
    assert not shown.ephemeral
    assert ask_id_of(shown) != ask_id_of(answered)


async def test_one_rating_is_kept_for_each_member_with_the_reason_also_from_before_a_restart(
    world: World, asker: WatchedAsker
) -> None:
    answered = (await world.ask()).response
    bob = world.guild.add_member(world.env.create_user("bob"))
    await world.alice.click(answered, label="Helpful")
    thanks = await bob.click(answered, label="Helpful")
    form = await world.alice.click(answered, label="Not helpful")
    await restart(world, asker)
    noted = await world.alice.submit_modal(form, {"reason": "It is about another astrolabe."})

    assert PROMPTS.text("press.thanks") == thanks.response.content and thanks.response.ephemeral
    assert PROMPTS.text("press.noted") == noted.response.content and noted.response.ephemeral
    assert [(False, "It is about another astrolabe."), (True, "")] == sorted(await ratings(world))


async def test_who_wants_to_know_can_say_so_and_take_it_back(world: World, asker: WatchedAsker) -> None:
    nothing = (await world.ask(UNANSWERED)).response
    wished = await world.alice.click(nothing, label="Tell me when you know")
    open_then = await wishes(world)
    await restart(world, asker)
    unwished = await world.alice.click(nothing, label="Tell me when you know")

    assert (PROMPTS.text("press.wished"), PROMPTS.text("press.unwished")) == (
        wished.response.content,
        unwished.response.content,
    )
    assert (1, 0) == (open_then, await wishes(world))


async def test_a_quote_is_shown_where_it_stands_after_its_article_was_changed_and_the_index_swapped(
    world: World, tmp_path: Path, seed_asker: Asker, seed_home: Path
) -> None:
    answered = (await world.ask()).response
    await world.bot.ledger.run(lambda ledger: ledger.asks.shown(ask_id_of(answered), answered.id))
    cited = seed_asker.ask(Question(QUESTION)).citations[0]
    article = seed_asker.look(lambda index: index.article(cited.article_id))
    assert article
    changed = "A correction was made on the morning after. " * 3 + cited.quote + " Nothing else stayed as it was."
    (tmp_path / "changed.jsonl").write_text(
        json.dumps({"id": article.id, "title": article.title, "text": changed}) + "\n", "utf-8"
    )
    other = seed_asker.ask(Question(QUESTION)).citations[1]
    embedder = seed_asker.look(lambda index: index.embedder)
    before = shutil.copytree(seed_home, tmp_path / "home")
    build([tmp_path / "changed.jsonl"], before, IndexSettings(), embedder=embedder)
    await restart(world, AsyncAsker(Asker(tmp_path / "home", IndexSettings(), embedder=embedder)))
    await world.bot.asker.open()
    found = await world.alice.click(answered, label="Passage [1]")
    gone = await world.alice.click(answered, label="Passage [2]")
    day = PROMPTS.day(datetime.now(UTC).date())

    assert f"**{' '.join(cited.quote.split())}**" in unescaped(embed_of(found.response).description or "")
    assert PROMPTS.text("passage.since", day=day) in (embed_of(found.response).description or "")
    assert PROMPTS.text("reading.here") in (embed_of(found.response).description or "")
    assert cited.article_id != other.article_id
    assert (other.title, PROMPTS.text("passage.removed")) == (
        unescaped(embed_of(gone.response).title or ""),
        embed_of(gone.response).description,
    )


ACTIONS = [action for action in Action if action is not Action.WHY]


@pytest.mark.parametrize("which", ["of another server", "of another channel", "private", "unknown", "malformed"])
async def test_buttons_that_were_made_up_are_refused_kindly_and_tell_nothing(world: World, which: str) -> None:
    answered = (await world.ask()).response
    ask_id = ask_id_of(answered)

    def change(ledger: Ledger) -> None:
        ask = ledger.asks.get(ask_id)
        assert ask
        ledger.asks.record(_changed(ask, which))

    await world.bot.ledger.run(change)
    named = {"unknown": "a" * 12, "malformed": "9" * 60}.get(which, ask_id)
    custom_ids = [ask_button(action, named, 0 if action is Action.TURN else None) for action in ACTIONS]
    menu = Menu("pick", custom_ids.pop(ACTIONS.index(Action.PICK)), (Option("one", "fn:p:1:1:2:00000000"),), row=4)
    shown = [Button(f"b{number}", custom_id, row=number // 5) for number, custom_id in enumerate(custom_ids)]
    shown.append(Button("odd", "fn:a:odd:" + named, row=3))
    made_up = await put(world, *shown, menu=menu)
    bob = world.guild.add_member(world.env.create_user("bob"))
    before = await ratings(world), await wishes(world)
    results = [await bob.click(made_up, label=label) for label in (button.label for button in shown)]
    results.append(await bob.select(made_up, ["fn:p:1:1:2:00000000"]))
    for result in [r for r in results if r.modal]:
        results.append(await bob.submit_modal(result, {"reason": "@everyone"}))
        results.remove(result)
    texts = {(result.followups or [result.response])[0].content for result in results}

    assert texts <= {PROMPTS.text(name) for name in ("press.unknown", "press.forged", "passage.forged")}
    assert before == (await ratings(world), await wishes(world))
    assert FOUND not in str([getattr(result.response, "embeds", None) for result in results])


def _changed(ask: Ask, which: str) -> Ask:
    if which == "of another server":
        return replace(ask, guild=ask.guild and ask.guild + 1)
    if which == "of another channel":
        return replace(ask, channel=ask.channel + 1)
    return replace(ask, private=which == "private")


async def test_a_private_answer_goes_on_being_private_for_its_member(world: World) -> None:
    answered = (await world.ask()).response
    ask_id = ask_id_of(answered)

    def change(ledger: Ledger) -> None:
        ask = ledger.asks.get(ask_id)
        assert ask
        ledger.asks.record(replace(ask, private=True))

    await world.bot.ledger.run(change)
    more = await world.alice.click(answered, label="More results")
    again = await world.alice.click(answered, label="Ask again")

    assert more.response.ephemeral and embed_of(more.response)
    assert [True] == [message.ephemeral for message in again.followups]
