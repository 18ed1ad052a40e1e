"""An article changes or goes: what was quoted from it is found, and what is gone is gone from everywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.ask import Asker
from bot.cli import app
from bot.conversation import Turn
from bot.ledger import Ask, Ledger, ask_of, new_ask_id
from bot.question import read_question
from index import IndexSettings, build

LAMP = "The lighthouse lamp was repaired by the engineer Ilse Brandt."
FERRY = "The ferry to Varholm carries 180 passengers."
FILES = {"lamp": f"The lamp burns again. {LAMP}", "ferry": f"{FERRY} It runs on batteries.", "news": "It rained."}


class Home:
    """A home with three articles, an answer from each of two of them, and who quoted them on record."""

    def __init__(self, folder: Path, asker: Asker) -> None:
        self.articles, self.home = folder / "articles", folder / "home"
        self.articles.mkdir()
        self.embedder = asker.look(lambda index: index.embedder)
        for name, text in FILES.items():
            self.write(name, text)
        self.rebuild()
        with Ledger(f"sqlite:///{self.home / 'ledger.db'}") as ledger:
            self.asks = [self._ask(ledger, question) for question in ("Who repaired the lamp?", "Who is on the ferry?")]

    def write(self, name: str, text: str) -> None:
        record = {"id": name, "title": name.title(), "url": f"https://example.org/{name}", "text": text}
        (self.articles / f"{name}.jsonl").write_text(json.dumps(record) + "\n", "utf-8")

    def rebuild(self) -> None:
        build([self.articles], self.home, IndexSettings(), embedder=self.embedder)

    def _ask(self, ledger: Ledger, question: str) -> Ask:
        asker = Asker(self.home, IndexSettings(), embedder=self.embedder)
        answer = asker.ask(read_question(question))
        asker.close()
        assert answer.citations
        options = {"guild": 1, "channel": 2, "member": 3, "surface": "command", "private": False}
        ask = ask_of(answer, id=new_ask_id(), **options)
        ledger.asks.record(ask)
        turn = Turn.of(
            question, [one.quote for one in answer.citations], [(c.article_id, c.title) for c in answer.citations]
        )
        ledger.turns.remember(ask.id, (turn,), guild=1)
        return ask

    def run(self, *arguments: str) -> str:
        result = CliRunner().invoke(app, [*arguments, "--home", str(self.home)])
        assert result.exit_code == 0, result.output
        return result.stdout

    def files_with(self, words: str) -> list[str]:
        return [str(file) for file in self.home.rglob("*") if file.is_file() and words.encode() in file.read_bytes()]


@pytest.fixture
def home(tmp_path: Path, seed_asker: Asker) -> Iterator[Home]:
    return Home(tmp_path, seed_asker)


def test_answers_given_from_an_article_are_found_with_what_has_become_of_their_quotes(home: Home) -> None:
    asked = "Who repaired the lamp?"
    before = json.loads(home.run("cited", "lamp", "--json"))
    home.write("lamp", f"A correction. {FILES['lamp']}")
    home.rebuild()
    moved = json.loads(home.run("cited", "https://example.org/lamp", "--json"))
    home.write("lamp", "The lamp was repaired by Jon Aske.")
    home.rebuild()
    gone = json.loads(home.run("cited", "--changed", "--json"))

    assert {(asked, "stands", "here")} == {(row["question"], row["standing"], row["article"]) for row in before}
    assert {"moved"} == {row["standing"] for row in moved}
    assert {("gone", "here", "lamp")} == {(row["standing"], row["article"], row["article_id"]) for row in gone}
    assert any(LAMP in row["quote"] for row in gone)
    assert LAMP in home.run("cited", "lamp")
    assert "[]\n" == home.run("cited", "nobody", "--json")


def test_after_one_rebuild_no_file_of_the_home_has_a_sentence_of_an_article_that_is_gone(home: Home) -> None:
    (home.articles / "lamp.jsonl").unlink()
    held = home.files_with(LAMP)
    home.rebuild()
    # Which embeds nothing any more, so that no model is loaded for it.
    home.run("index", "rebuild", str(home.articles))

    assert {"articles.db"} < {Path(file).name for file in held}, "and it was there before"
    assert [] == home.files_with(LAMP) == home.files_with("Ilse Brandt")
    assert home.files_with(FERRY)
    with Ledger(f"sqlite:///{home.home / 'ledger.db'}") as ledger:
        blanked, kept = (ledger.asks.get(ask.id) for ask in home.asks)
    assert blanked and not any(cited.quote for cited in blanked.citations if cited.article_id == "lamp")
    assert kept and any(cited.quote for cited in kept.citations)
    assert "the article is gone" in home.run("cited", "lamp")
