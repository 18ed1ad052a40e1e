"""The real bot, the real index and the real discord.py, against a simulated Discord."""

from __future__ import annotations

import re
from pathlib import Path

import discord
import pytest

from bot.ask import Asker, AsyncAsker
from bot.buttons import QuoteId
from bot.client import FootnoteBot
from bot.cogs.views import view_of
from bot.markup import clean_lines
from bot.message import Button, Rendered
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
    labels_of,
    origins_of,
    quotes_of,
    unescaped,
)

FORGED = Button("forged", "fn:n:" + "9" * 40 + ":1:2:zzzzzzzz")


async def test_a_question_is_answered_by_quotes_that_stand_in_an_article(world: World, seed_asker: Asker) -> None:
    result = await world.ask()
    embed = embed_of(result.response)
    citations = seed_asker.ask(Question(QUESTION)).citations
    first = citations[0]
    found = seed_asker.passage(first.passage_id)

    assert QUESTION == unescaped(embed.title or "")
    assert [" ".join(citation.quote.split()) for citation in citations] == [unescaped(q) for q in quotes_of(embed)]
    assert found and FOUND in first.quote and first.quote in found[0].text
    assert f"({first.url}#:~:text=" in (embed.description or "")
    assert f"{first.source}, 22 Jan 2026" in (embed.description or "")
    assert "Searched 20 articles" in (embed.footer.text or "")
    assert not result.response.ephemeral


async def test_a_question_is_acknowledged_before_any_work(world: World, asker: WatchedAsker) -> None:
    before = len(world.env.http_requests)
    asker.sent_before.clear()
    await world.ask()
    (sent,) = (requests[before:] for requests in asker.sent_before)

    assert ["POST"] == [request.method for request in sent]
    assert sent[0].path.endswith("/callback")
    assert 5 == sent[0].json["type"]


async def test_nothing_says_what_was_searched_and_quotes_nothing(world: World) -> None:
    result = await world.ask("What is the boiling point of tungsten hexafluoride?", source="the harbour post")
    embed = embed_of(result.response)

    assert PROMPTS.text("answer.nothing") in (embed.description or "")
    assert [] == quotes_of(embed)
    assert re.search(r"Searched 20 articles from .* to .*, only the harbour post", embed.footer.text or "")
    assert ["Tell me when you know", "Ask again", "Not helpful"] == labels_of(result.response)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"since": "soon"}, "“soon” is not a day I can read for `since`"),
        ({"until": "2026-02-30"}, "“2026-02-30” is not a day I can read for `until`"),
        ({"since": "2026-02-02", "until": "2026-02-01"}, "no article can match"),
        ({"until": "@everyone <@1>"}, "“@\u200beveryone \\<@\u200b1>”"),
        ({"question": "?!"}, "no words"),
    ],
)
async def test_what_cannot_be_asked_is_told_to_the_asker_alone(
    world: World, options: dict[str, str], said: str
) -> None:
    result = await world.ask(**options)

    assert said in result.response.content
    assert result.response.ephemeral


async def test_a_publisher_that_does_not_exist_is_named(world: World) -> None:
    result = await world.ask(source="The Daily @here")

    assert "No article is from “The Daily @\u200bhere”" in result.response.content


async def test_a_publisher_that_does_not_exist_is_told_to_the_asker_alone_once_the_publishers_are_known(
    world: World,
) -> None:
    await world.ask()
    result = await world.ask(source="The Daily @here")

    assert "No article is from “The Daily @\u200bhere”" in result.response.content
    assert result.response.ephemeral


@pytest.mark.parametrize(
    ("question", "month", "source", "elsewhere"),
    [
        # Without its publisher, and without its month, each would quote others as well.
        ("How many people died in the Tollen flood?", "Nov 2025", "Coastwire", "Elsk Valley Courier"),
        ("What does the new Sailmaker Bridge cost?", "Mar 2026", "The Harbour Post", "11 Feb 2025"),
    ],
)
async def test_month_and_publisher_narrow_down_what_is_quoted(
    world: World, question: str, month: str, source: str, elsewhere: str
) -> None:
    everything = await world.ask(question)
    narrowed = await world.ask(question, since=month, until=month, source=source)
    cited = origins_of(embed_of(narrowed.response))

    assert elsewhere in str(origins_of(embed_of(everything.response)))
    assert [(source, month)] * len(cited) == [(publisher, day.partition(" ")[2]) for publisher, day in cited]
    assert cited


async def test_publishers_are_suggested_by_any_part_of_their_name_once_they_are_known(
    world: World, seed_asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as without:
        without.setattr(FootnoteBot, "searched", None)
        before = await world.alice.autocomplete(world.channel, "ask", "source", "")
    everything = await world.alice.autocomplete(world.channel, "ask", "source", "")
    some = await world.alice.autocomplete(world.channel, "ask", "source", "HARBOUR")

    assert [] == before
    assert list(seed_asker.summary().sources) == [choice["value"] for choice in everything]
    assert ["The Harbour Post"] == [choice["value"] for choice in some]


async def test_a_mention_is_answered_by_a_reply(world: World) -> None:
    asked = await world.alice.send(world.channel, f"{world.me} {QUESTION}")
    answer = world.channel.last_message

    assert any(FOUND in quote for quote in quotes_of(embed_of(answer)))
    assert asked.id == answer.reference.message_id
    assert QUESTION == unescaped(embed_of(answer).title or "")


async def test_a_mention_without_a_question_is_told_how_to_ask(world: World) -> None:
    await world.alice.send(world.channel, world.me)

    assert PROMPTS.text("help.empty") == world.channel.last_message.content


async def test_a_reply_to_the_bot_is_answered(world: World) -> None:
    await world.alice.send(world.channel, f"{world.me} {QUESTION}")
    asked = await world.alice.send(
        world.channel,
        f"{world.me} Who was the first person to cross the new Sailmaker Bridge?",
        reply_to=world.channel.last_message,
    )

    assert asked.id == world.channel.last_message.reference.message_id
    assert "Wilma Tredgold" in (embed_of(world.channel.last_message).description or "")


async def test_a_direct_message_needs_no_mention(world: World) -> None:
    await world.alice.send_dm(QUESTION)

    assert any(FOUND in quote for quote in quotes_of(embed_of(world.alice.user.dm_channel.last_message)))


async def test_talk_among_people_is_left_alone(world: World) -> None:
    asked = await world.alice.send(world.channel, QUESTION)

    assert asked.id == world.channel.last_message.id


async def test_help_says_how_to_ask(world: World) -> None:
    result = await world.alice.slash(world.channel, "help")

    assert "/ask" in (embed_of(result.response).description or "")
    assert result.response.ephemeral


async def test_a_button_shows_its_passage_to_whoever_presses_it_also_after_a_restart(
    world: World, asker: WatchedAsker, seed_asker: Asker
) -> None:
    await world.ask()
    message = world.channel.last_message
    await world.env.restart_bot(FootnoteBot(asker, CATALOGUES))
    result = await world.alice.click(message, label="Passage [1]")
    embed = embed_of(result.response)
    citation = seed_asker.ask(Question(QUESTION)).citations[0]

    assert f"**{citation.quote}**" in unescaped(embed.description or "")
    assert citation.title == unescaped(embed.title or "")
    assert citation.url == (embed.url or "").partition("#:~:text=")[0]
    assert (embed.footer.text or "").startswith(f"{citation.source}, 22 Jan 2026")
    assert result.response.ephemeral


async def test_a_button_of_a_passage_that_is_gone_says_so_kindly(world: World, tmp_path: Path) -> None:
    await world.ask()
    message = world.channel.last_message
    (tmp_path / "other.md").write_text("---\ntitle: Other\n---\n\nSomething else altogether was reported.\n")
    build([tmp_path / "other.md"], tmp_path / "home", IndexSettings())
    await world.env.restart_bot(FootnoteBot(AsyncAsker(Asker(tmp_path / "home", IndexSettings())), CATALOGUES))
    result = await world.alice.click(message, label="Passage [1]")

    assert PROMPTS.text("passage.gone") == result.response.content
    assert result.response.ephemeral


async def test_a_passage_leads_to_the_next_one_and_back_in_its_own_place_also_after_a_restart(
    world: World, asker: WatchedAsker, seed_asker: Asker
) -> None:
    question = "How high did the water rise in Tollen?"
    cited = seed_asker.ask(Question(question)).citations[0]
    passages = seed_asker.look(lambda index: index.passages_of(cited.article_id))
    here = [passage.id for passage in passages].index(cited.passage_id)
    turned, back = ("Next", "Previous") if here + 1 < len(passages) else ("Previous", "Next")
    other = passages[here + 1 if turned == "Next" else here - 1]
    article = seed_asker.look(lambda index: index.article(cited.article_id))
    asked = await world.ask(question)
    shown = await world.alice.click(asked.response, label="Passage [1]")
    first = embed_of(shown.response)
    await world.env.restart_bot(FootnoteBot(asker, CATALOGUES))
    await world.alice.click(shown.response, label=f"{turned} passage")
    walked = embed_of(shown.response)
    await world.alice.click(shown.response, label=f"{back} passage")

    assert article
    assert clean_lines(article.text[other.start : other.end]) == unescaped(walked.description or "").replace("**", "")
    assert f"**{' '.join(cited.quote.split())}**" in unescaped(first.description or "")
    assert first.to_dict() == embed_of(shown.response).to_dict()


async def test_a_made_up_press_replaces_nothing_that_others_read(world: World) -> None:
    asked = await world.ask()
    button = QuoteId.read(asked.response.components[0]["components"][0]["custom_id"])
    channel = world.guild_of_bot.get_channel(world.channel.id)
    assert button and isinstance(channel, discord.TextChannel)
    await channel.send("made up", view=view_of(Rendered("", "", buttons=(Button("walk", button.walk), FORGED))))
    made_up = world.channel.last_message
    walked = await world.alice.click(made_up, label="walk")
    forged = await world.alice.click(made_up, label="forged")

    assert walked.response.ephemeral and embed_of(walked.response).title
    assert PROMPTS.text("passage.forged") == forged.response.content
    assert forged.response.ephemeral
    assert "made up" == made_up.content and [] == made_up.embeds


async def test_the_buttons_name_the_quotes_they_belong_to(world: World, seed_asker: Asker) -> None:
    result = await world.ask()
    ids = [button["custom_id"] for row in result.response.components for button in row["components"]]
    spans = [(found.start, found.end) for found in map(QuoteId.read, ids) if found]

    assert [(c.start, c.end) for c in seed_asker.ask(Question(QUESTION)).citations] == spans
