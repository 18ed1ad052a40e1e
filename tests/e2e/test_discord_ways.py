"""Ways to ask beside `/ask` and mentions: menus, forms, privately, in threads; and questions edited or deleted."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.buttons import Action
from bot.client import FootnoteBot
from bot.cogs.edits import EDITED
from bot.cogs.forms import ABOUT, LONG
from bot.cogs.sharing import SHARE
from bot.ledger import AsyncLedger
from tests.e2e.conftest import CATALOGUES, FOUND, PROMPTS, QUESTION, WatchedAsker, World, embed_of, quotes_of, unescaped

ASK_ABOUT, FIND_SOURCES = PROMPTS.text("name.ask_about"), PROMPTS.text("name.find")
UNDERSTOOD = "Understood as: When was the Carrow Astrolabe stolen?"


def ids_of(message: Any) -> list[str]:
    # The simulation gives what only one member sees as Discord sends it.
    rows = [row if isinstance(row, dict) else row.to_dict() for row in message.components]
    return [part.get("custom_id", "") for row in rows for part in row["components"]]


def button_of(message: Any, prefix: str) -> str:
    (found,) = [custom_id for custom_id in ids_of(message) if custom_id.startswith(prefix)]
    return found


def said(message: Any) -> str:
    return unescaped(embed_of(message).description or "")


async def test_a_message_that_is_a_question_is_answered_to_whoever_chose_it_alone(world: World) -> None:
    bela = world.guild.add_member(world.env.create_user("bela"))
    message = await bela.send(world.channel, QUESTION)
    result = await world.alice.context_menu(world.channel, ASK_ABOUT, message)

    assert result.response.ephemeral
    assert any(FOUND in quote for quote in quotes_of(embed_of(result.response)))


async def test_what_the_articles_say_to_a_claim_tells_its_age_like_any_answer(world: World) -> None:
    message = await world.alice.send(world.channel, "The stolen Carrow Astrolabe was never found.")
    result = await world.alice.context_menu(world.channel, FIND_SOURCES, message)

    assert re.search(r"Radio Varr, 22 Jan 2026, (?:\w+ \w+ ago|yesterday|today)", said(result.response))


async def test_the_words_of_other_peoples_messages_are_not_kept(world: World) -> None:
    bela = world.guild.add_member(world.env.create_user("bela"))
    question = await bela.send(world.channel, QUESTION)
    claim = await bela.send(world.channel, "The stolen Carrow Astrolabe was never found.")
    peculiar = await bela.send(world.channel, "Peculiarly, the Carrow Astrolabe was in the news again.")
    answers = [await world.alice.context_menu(world.channel, ASK_ABOUT, question)]
    answers.append(await world.alice.context_menu(world.channel, FIND_SOURCES, claim))
    form = await world.alice.context_menu(world.channel, ASK_ABOUT, peculiar)
    await world.alice.submit_modal(form, {"question": "When was it stolen?", "message": peculiar.content})
    kept = await world.bot.ledger.run(lambda ledger: ledger.members.export(world.alice.id))

    assert ["", "", "When was it stolen?"] == [ask["question"] for ask in kept["asks"]]
    for words in ("never found", "Peculiarly", QUESTION):
        assert words not in json.dumps(kept["conversations"])
    for answer in answers:
        actions = [custom_id for custom_id in ids_of(answer.response) if custom_id.startswith("fn:a:")]
        assert not [one for one in actions if one.startswith((Action.AGAIN, Action.WISH, Action.MORE))]
    assert [custom_id for custom_id in ids_of(answers[0].response) if custom_id.startswith(Action.UNHELPFUL)]


async def test_of_another_message_a_form_asks_what_is_to_be_known_about_it(world: World) -> None:
    message = await world.alice.send(world.channel, "The Carrow Astrolabe was in the news again.")
    form = await world.alice.context_menu(world.channel, ASK_ABOUT, message)
    result = await world.alice.submit_modal(form, {"question": "When was it stolen?", "message": message.content})

    assert ABOUT == form.modal["custom_id"]
    assert result.response.ephemeral
    assert UNDERSTOOD in said(result.response)


async def test_sources_are_found_for_what_a_message_claims(world: World) -> None:
    message = await world.alice.send(world.channel, "The stolen Carrow Astrolabe was never found. @everyone")
    result = await world.alice.context_menu(world.channel, FIND_SOURCES, message)

    assert result.response.ephemeral
    assert "Says otherwise: [1]." in said(result.response)
    assert FOUND in quotes_of(embed_of(result.response))[0]


async def test_a_long_question_is_written_in_a_form(world: World) -> None:
    form = await world.alice.slash(world.channel, "ask-long")
    result = await world.alice.submit_modal(form, {"question": QUESTION, "until": "2026-12-31", "source": "coastwire"})
    refused = await world.alice.slash(world.channel, "ask-long")
    refusal = await world.alice.submit_modal(refused, {"question": QUESTION, "since": "soon"})

    assert LONG == form.modal["custom_id"]
    assert not result.response.ephemeral
    assert any(FOUND in quote for quote in quotes_of(embed_of(result.response)))
    assert refusal.response.ephemeral
    assert "“soon” is not a day I can read for `since`" in refusal.response.content


async def test_a_private_answer_is_shared_by_its_member_once(world: World) -> None:
    result = await world.ask(private=True)
    custom_id = button_of(result.response, SHARE)
    before = world.channel.last_message
    await world.alice.click(result.response, custom_id=custom_id)
    shared = world.channel.last_message

    assert result.response.ephemeral
    assert before is None or before.id != shared.id
    assert PROMPTS.text("share.by", member="alice") == shared.content
    assert any(FOUND in quote for quote in quotes_of(embed_of(shared)))
    assert not [custom_id for custom_id in ids_of(shared) if custom_id.startswith(SHARE)]
    await world.alice.send(world.channel, f"{world.me} When was it stolen?", reply_to=shared)
    assert UNDERSTOOD in said(world.channel.last_message)


@pytest.mark.parametrize("hash_key", [None, b"k" * 32])
async def test_of_what_was_asked_privately_nothing_but_what_is_shared_gets_out(
    world: World, asker: WatchedAsker, hash_key: bytes | None
) -> None:
    ledger = AsyncLedger(hash_key=hash_key)
    await world.env.restart_bot(FootnoteBot(asker, CATALOGUES, ledger=ledger))
    await world.ask("Who won the mayoral election?", private=True)
    result = await world.ask(private=True)
    await world.ask("Who is the head of the harbour authority?", private=True)
    await world.alice.click(result.response, custom_id=button_of(result.response, SHARE))
    shared = world.channel.last_message
    public = await ledger.run(lambda it: it.turns.recall(str(shared.id)))
    await ledger.run(lambda it: it.members.forget(world.alice.id))
    left = await ledger.run(lambda it: it.turns.recall(str(shared.id)))
    await ledger.close()

    assert [QUESTION] == [turn.question for turn in public]
    assert () == left


async def test_what_was_asked_privately_is_gone_on_with_privately_alone(world: World) -> None:
    await world.ask(private=True)
    public = await world.ask("When was it stolen?")
    private = await world.ask("When was it stolen?", private=True)

    assert "Understood as" not in said(public.response)
    assert UNDERSTOOD in said(private.response)


async def test_somebodys_own_last_questions_are_suggested_to_them_alone(world: World) -> None:
    bela = world.guild.add_member(world.env.create_user("bela"))
    await world.ask("Who won the mayoral election?")
    await world.ask()
    mine = await world.alice.autocomplete(world.channel, "ask", "question", "")
    narrowed = await world.alice.autocomplete(world.channel, "ask", "question", "MAYOR")
    theirs = await bela.autocomplete(world.channel, "ask", "question", "")

    assert [QUESTION, "Who won the mayoral election?"] == [choice["value"] for choice in mine]
    assert ["Who won the mayoral election?"] == [choice["value"] for choice in narrowed]
    assert [] == theirs


async def test_a_thread_on_an_answer_goes_on_from_it_also_after_a_restart(world: World, asker: WatchedAsker) -> None:
    await world.ask(thread=True)
    (thread,) = world.channel.threads
    ledger = world.bot.ledger
    await world.env.restart_bot(FootnoteBot(asker, CATALOGUES, ledger=ledger))
    await world.alice.send(thread, f"{world.me} When was it stolen?")

    assert QUESTION == thread.name
    assert PROMPTS.text("thread.mention") == thread.history()[-3].content
    assert UNDERSTOOD in said(thread.last_message)


async def test_an_edited_question_is_asked_again_by_its_author_alone(world: World) -> None:
    bela = world.guild.add_member(world.env.create_user("bela"))
    question = await world.alice.send(world.channel, f"{world.me} Who won the mayoral election?")
    answer = world.channel.last_message
    await world.alice.edit(question, f"{world.me} {QUESTION}")
    offered = world.channel.last_message
    custom_id = button_of(offered, EDITED)
    refused = await bela.click(offered, custom_id=custom_id)
    await world.alice.click(offered, custom_id=custom_id)
    again = world.channel.last_message

    assert answer.id == offered.id == again.id
    assert PROMPTS.text("edited.not_yours") == refused.followups[-1].content
    assert QUESTION == unescaped(embed_of(again).title or "")
    assert any(FOUND in quote for quote in quotes_of(embed_of(again)))
    assert not [custom_id for custom_id in ids_of(again) if custom_id.startswith(EDITED)]


async def test_a_question_that_says_the_same_after_an_edit_is_left_alone(world: World) -> None:
    question = await world.alice.send(world.channel, f"{world.me} {QUESTION}")
    await world.alice.edit(question, f"{world.me}  {QUESTION} ")

    assert not [custom_id for custom_id in ids_of(world.channel.last_message) if custom_id.startswith(EDITED)]


async def test_a_deleted_question_takes_the_buttons_of_its_answer_along(world: World) -> None:
    question = await world.alice.send(world.channel, f"{world.me} {QUESTION}")
    assert ids_of(world.channel.last_message)
    await world.alice.delete(question)
    answer = world.channel.last_message

    assert [] == ids_of(answer)
    assert any(FOUND in quote for quote in quotes_of(embed_of(answer)))


@pytest.mark.parametrize("prefix", [SHARE, EDITED])
@pytest.mark.parametrize("rest", ["", "a" * 12, "' OR 1=1 --" + "x" * 60])
async def test_forged_buttons_lead_nowhere(world: World, prefix: str, rest: str) -> None:
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="forged", custom_id=prefix + rest))
    channel = world.guild_of_bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    message = await channel.send("forged", view=view)
    result = await world.alice.click(message, custom_id=prefix + rest)

    assert result.followups[-1].ephemeral
    assert result.followups[-1].content
    assert 1 == len(world.channel.history())


async def test_whatever_is_out_of_order_with_the_ledger_costs_no_answer(
    world: World, asker: WatchedAsker, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    broken = FootnoteBot(asker, CATALOGUES, ledger=AsyncLedger(f"sqlite:///{tmp_path / 'file' / 'ledger.db'}"))
    await world.env.restart_bot(broken)
    result = await world.ask()
    await world.alice.send(world.channel, f"{world.me} {QUESTION}")

    assert any(FOUND in quote for quote in quotes_of(embed_of(result.response)))
    assert any(FOUND in quote for quote in quotes_of(embed_of(world.channel.last_message)))
