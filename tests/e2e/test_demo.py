"""The demo as a person meets it: a process, and its page in a browser."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright
from simcord.preview import _require_preview_runtime

from bot.ask import Asker, AsyncAsker
from bot.catalogues import load_catalogues
from bot.data import data_folder
from bot.demo import DemoUnavailable, run_demo
from index import IndexSettings, build

CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
CATALOGUES = load_catalogues()
PROMPTS = CATALOGUES.default
SAMPLES = PROMPTS.sample_questions()

# A shell starts what runs in the background deaf to Ctrl-C, and the demo would inherit that from these tests.
HEARING_CTRL_C = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("bot", run_name="__main__", alter_sys=True)
"""

# Seconds, for a machine that is busy with other things; nothing waits so long when all is well.
ANSWERED = 60
ENDED = 60

expect.set_options(timeout=ANSWERED * 1000)

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


class Demo:
    """`footnote demo` as a process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said = ""
        self.address = self._address(process.stdout)
        self.port = int(self.address.rpartition("/")[0].rpartition(":")[2])

    def _address(self, output: IO[str] | None) -> str:
        assert output
        # Ends at the latest when the process does: then there are no more lines.
        for line in output:
            self.said += line
            if found := re.search(r"http://127\.0\.0\.1:\d+/\S*", line):
                return found[0]
        raise AssertionError(f"The demo ended instead of starting:\n{self.said}")

    def interrupt(self) -> None:
        self.process.send_signal(signal.SIGINT)

    def ended(self) -> tuple[int, str]:
        """Return the exit status, and everything that was printed."""
        rest, _ = self.process.communicate(timeout=ENDED)
        return self.process.returncode, self.said + rest


@contextlib.contextmanager
def running_demo(home: Path, port: int = 0) -> Iterator[Demo]:
    with subprocess.Popen(
        [sys.executable, "-c", HEARING_CTRL_C, "demo", "--home", str(home), "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        try:
            yield Demo(process)
        finally:
            process.kill()


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            tmp_path / "browser", executable_path=CHROMIUM, args=FLAGS, viewport={"width": 1280, "height": 1000}
        )
        page = context.pages[0]
        page.set_default_timeout(ANSWERED * 1000)
        yield page
        context.close()


def answers(page: Page, question: str) -> Locator:
    """Return the messages that quote articles for a question."""
    return page.locator("article.channel-message").filter(has_text=question).filter(has=page.locator("blockquote"))


def ask(page: Page, question: str) -> None:
    """Ask as a person does."""
    composer = page.locator("#channel-composer-input")
    composer.click()
    composer.fill("/ask")
    page.locator('.command-entry[data-entry-key$=":ask"]').click()
    page.keyboard.type(question)
    page.keyboard.press("Enter")


def quotes(answer: Locator) -> list[str]:
    expect(answer).to_be_visible()
    shown = answer.locator("blockquote").all_inner_texts()
    return [
        plain(re.sub(r"^\[\d+\](?: earlier:)? ", "", line))
        for quote in shown
        for line in quote.splitlines()
        if line.strip()
    ]


def plain(text: str) -> str:
    return " ".join(text.split())


def articles() -> list[str]:
    return [file.read_text("utf-8") for file in sorted(data_folder("seeds").glob("*.md"))]


def paragraphs() -> list[str]:
    return [plain(paragraph) for article in articles() for paragraph in article.split("\n\n")]


@pytest.fixture(scope="module")
def demo(seed_home: Path) -> Iterator[Demo]:
    with running_demo(seed_home) as demo:
        yield demo


@needs_chromium
def test_the_page_opens_on_sample_questions_and_the_first_one_answered(demo: Demo, page: Page) -> None:
    page.goto(demo.address)
    first = answers(page, SAMPLES[0]).first
    found = quotes(first)

    assert any("cello case" in quote for quote in found)
    for question in SAMPLES:
        expect(page.locator("article.channel-message").first).to_contain_text(question)
    expect(first).to_contain_text("Searched 20 articles")


@needs_chromium
def test_questions_asked_in_the_page_are_answered_there_one_after_the_other_without_a_reload(
    demo: Demo, page: Page
) -> None:
    page.goto(demo.address)
    expect(answers(page, SAMPLES[0]).first).to_be_visible()
    page.evaluate("window.neverReloaded = true")
    for question in (SAMPLES[1], "How high did the water rise in Tollen?"):
        ask(page, question)
        found = quotes(answers(page, question))

        assert found
        for quote in found:
            assert any(quote in plain(article) for article in articles()), quote
    assert page.evaluate("window.neverReloaded")


@needs_chromium
def test_a_passage_button_shows_the_whole_passage_around_the_quote(demo: Demo, page: Page) -> None:
    page.goto(demo.address)
    first = answers(page, SAMPLES[0]).first
    quote = quotes(first)[0]
    (whole,) = {paragraph for paragraph in paragraphs() if quote in paragraph}
    first.get_by_role("button", name="Passage [1]").click()
    shown = page.locator("article.channel-message").filter(has_text="Only you can see this")

    expect(shown).to_contain_text(whole)
    assert len(whole) > len(quote)


@needs_chromium
def test_ctrl_c_ends_the_demo_while_the_page_is_open(seed_home: Path, page: Page) -> None:
    with running_demo(seed_home) as demo:
        page.goto(demo.address)
        expect(answers(page, SAMPLES[0]).first).to_be_visible()
        ask(page, SAMPLES[1])
        demo.interrupt()
        status, said = demo.ended()

    assert 0 == status
    assert "Traceback" not in said


@needs_chromium
def test_other_articles_on_a_taken_port_are_helped_with_on_the_next_one(tmp_path: Path, page: Page) -> None:
    article = tmp_path / "ferry.md"
    article.write_text("---\ntitle: The ferry\nsource: The Lantern\n---\n\nThe ferry is painted green.\n", "utf-8")
    build([article], tmp_path / "home", IndexSettings())
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with running_demo(tmp_path / "home", port) as demo:
            page.goto(demo.address)

            expect(page.locator("article.channel-message")).to_contain_text(PROMPTS.text("help.title"))
            expect(page.locator("article.channel-message")).not_to_contain_text("Tollen")
            assert port < demo.port

            ask(page, "What colour is the ferry?")
            expect(answers(page, "What colour is the ferry?")).to_contain_text("The ferry is painted green.")

            page.get_by_text("More", exact=True).click()
            page.get_by_role("button", name="End preview session").click()
            status, _ = demo.ended()

    assert 0 == status


async def test_without_its_extra_the_demo_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "simcord", None)
    asker = AsyncAsker(Asker(tmp_path, IndexSettings()))

    with pytest.raises(DemoUnavailable, match=re.escape('pip install "footnote[demo]"')):
        await run_demo(asker, CATALOGUES, port=0, on_ready=print)


async def test_without_what_draws_the_page_the_demo_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("simcord.preview._PREVIEW_RUNTIME_MODULES", ("no_such_module",))
    _require_preview_runtime.cache_clear()
    asker = AsyncAsker(Asker(tmp_path, IndexSettings()))

    with pytest.raises(DemoUnavailable, match=re.escape('pip install "footnote[demo]"')):
        await run_demo(asker, CATALOGUES, port=0, on_ready=print)
