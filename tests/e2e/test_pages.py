"""From an answer on Discord to the quoted words in a real browser: by text fragments, and on pages of the bot's own."""

from __future__ import annotations

import contextlib
import html
import re
import shutil
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from playwright.async_api import BrowserContext, Page, async_playwright
from yarl import URL

from bot.ask import Asker
from bot.buttons import check
from bot.catalogues import load_catalogues
from bot.fragment import at_quote
from bot.links import Pages, Span
from bot.model import Question
from bot.pages.app import pages_app
from bot.pages.serve import article_pages
from bot.settings import PagesSection
from bot.web import serving
from index import Article
from tests.e2e.conftest import QUESTION, World, embed_of

CATALOGUES = load_catalogues()
CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


async def read(address: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(URL(address, encoded=True)) as response:
        return response.status, await response.text()


async def test_a_source_leads_to_the_page_of_its_article_with_the_quotes_set_off(
    world: World, seed_asker: Asker, tmp_path: Path
) -> None:
    async with article_pages(world.bot, PagesSection(enabled=True, port=0, always=True), tmp_path):
        result = await world.ask()
        link = re.search(r"\]\((http://127\.0\.0\.1:\d+/article/.*?)\)", embed_of(result.response).description or "")
        assert link
        status, page = await read(link[1])
        forged, _ = await read(link[1].replace("sign=", "sign=A"))
    citations = seed_asker.ask(Question(QUESTION)).citations
    cited = [citation for citation in citations if citation.article_id == citations[0].article_id]

    assert (200, 403) == (status, forged)
    assert [c.quote for c in sorted(cited, key=lambda c: c.start)] == [
        html.unescape(quote) for quote in re.findall(r"<mark.*?>(.*?)</mark>", page)
    ]
    for words in (citations[0].title, citations[0].source):
        assert html.escape(words or "", quote=False) in page


async def test_a_passage_leads_to_the_page_and_without_pages_to_the_articles_own_address(
    world: World, tmp_path: Path
) -> None:
    await world.ask()
    message = world.channel.last_message
    async with article_pages(world.bot, PagesSection(enabled=True, port=0, always=True), tmp_path):
        served = await world.alice.click(message, label="Passage [1]")
        status, page = await read(embed_of(served.response).url or "")
    own = await world.alice.click(message, label="Passage [1]")

    assert status == 200
    assert '<mark id="quote">' in page
    assert (embed_of(own.response).url or "").startswith("https://radiovarr.example/")


@contextlib.asynccontextmanager
async def browsing(folder: Path) -> AsyncIterator[BrowserContext]:
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            folder / "browser",
            executable_path=CHROMIUM,
            args=FLAGS,
            viewport={"width": 390, "height": 700},
            color_scheme="dark",
        )
        try:
            yield context
        finally:
            await context.close()


SAME = "The vote was close."
PARAGRAPHS = [
    f"On Monday it was so. {SAME}",
    f"{SAME} Nobody had thought so, not even R&D: “a so-called surprise”, 3.5 per cent, ~ 100% – naïve.",
    f"It was so on Tuesday as well. {SAME} Then they went home, and it rained until the morning of the day after.",
    "東京で大きな地震が発生しました。気象庁は、津波の心配はないと発表した。専門家は、余震に注意するよう呼びかけている。",
    "قالت المدينة إن الجسر الجديد سيُفتح في أغسطس، وإن التكلفة ستبلغ 148 مليون كرونة.",
    f"It was so on Tuesday as well. {SAME} Then they stayed, and it was dry.",
    "One last word.",
]
TEXT = "\n\n".join(PARAGRAPHS)
# A quote, and the paragraph it stands in.
QUOTES = [
    *((SAME, number) for number in (0, 1, 2, 5)),
    ("R&D: “a so-called surprise”, 3.5 per cent, ~ 100% – naïve.", 1),
    ("Then they went home, and it rained until the morning of the day after.", 2),
    ("気象庁は、津波の心配はないと発表した。", 3),
    ("وإن التكلفة ستبلغ 148 مليون كرونة.", 4),
    ("Then they stayed, and it was dry.\n\nOne last word.", 5),
    ("One last word.", 6),
]


def publisher() -> web.Application:
    """The page of somebody else, with far between the paragraphs, each on one line."""
    style = (
        "p { margin: 2000px 0; font-size: 8px; white-space: nowrap } ::target-text { background: #f00; color: #f00 }"
    )
    body = "".join(f"<p id=p{n}>{html.escape(words)}</p>" for n, words in enumerate(PARAGRAPHS))

    async def show(_: web.Request) -> web.Response:
        page = f"<!doctype html><meta charset=utf-8><style>{style}</style>{body}"
        return web.Response(text=page, content_type="text/html")

    app = web.Application()
    app.router.add_get("/{any:.*}", show)
    return app


async def paragraph_in_sight(page: Page) -> int:
    """Return which paragraph the browser has scrolled to."""
    near = "[...document.querySelectorAll('p')].findIndex(p => Math.abs(p.getBoundingClientRect().top - 350) < 400)"
    await page.wait_for_function(f"scrollY > 0 && {near} >= 0")
    return int(await page.evaluate(near))


@needs_chromium
async def test_a_browser_scrolls_to_the_right_one_of_equal_words_and_sets_them_off(tmp_path: Path) -> None:
    seen = []
    async with serving(publisher(), "127.0.0.1", 0) as address, browsing(tmp_path) as context:
        page = await context.new_page()
        for number, (quote, paragraph) in enumerate(QUOTES):
            start = TEXT.index(quote, TEXT.index(PARAGRAPHS[paragraph]))
            link = at_quote(f"{address}/{number}#p0", TEXT, start, start + len(quote))
            assert "#p0:~:text=" in link
            await page.goto(link)
            seen.append(await paragraph_in_sight(page))
            if quote == SAME and paragraph == 2:
                marked = await redness(page, "p2")

    assert [paragraph for _, paragraph in QUOTES] == seen
    assert "".join(marked).strip() == SAME


async def redness(page: Page, paragraph: str) -> list[str]:
    """Return the characters of a paragraph that stand on red ground, as they are on the screen."""
    boxes = await page.evaluate(
        """id => {
            const node = document.getElementById(id).firstChild, found = [];
            for (let i = 0; i < node.length && i < 60; i++) {
                const range = document.createRange();
                range.setStart(node, i); range.setEnd(node, i + 1);
                const box = range.getBoundingClientRect();
                found.push([node.data[i], box.left + box.width / 2, box.bottom - 1]);
            }
            return found;
        }""",
        paragraph,
    )
    image = await page.screenshot()
    colours = await page.evaluate(
        """async ([bytes, points]) => {
            const image = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
            const canvas = new OffscreenCanvas(image.width, image.height), context = canvas.getContext("2d");
            context.drawImage(image, 0, 0);
            return points.map(([_, x, y]) => [...context.getImageData(x, y, 1, 1).data]);
        }""",
        [list(image), boxes],
    )
    return [box[0] for box, (red, green, *_) in zip(boxes, colours, strict=True) if red > 200 and green < 90]


@needs_chromium
async def test_a_page_opens_at_its_quote_and_runs_nothing(tmp_path: Path) -> None:
    quote = "وإن التكلفة ستبلغ 148 مليون كرونة."
    filler = "\n\n".join(f"Paragraph {n} of the article before the quote." for n in range(60))
    evil = '<script>document.title = "PWNED"</script><img src="/x" onerror="document.title=1"><style>p{display:none}'
    text = f"{filler}\n\n{evil}</style>\n\n{TEXT}"
    article = Article("bridge", f"{evil} vote", text, None, date(2026, 1, 2), evil, (evil,))
    start = article.text.index(quote)
    pages = Pages("", b"a key that nobody knows")
    asked: list[str] = []
    said: list[str] = []

    async def find(_: str) -> Article | None:
        return article

    app = pages_app(find, CATALOGUES, lambda: pages)
    async with serving(app, "127.0.0.1", 0) as address, browsing(tmp_path) as context:
        pages = Pages(address, b"a key that nobody knows")
        page = await context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        link = pages.address("bridge", [Span(start, start + len(quote), check(quote))])
        assert link
        await page.goto(link)
        mark = page.locator("#quote")
        box = await mark.bounding_box()
        looks = await page.evaluate(
            """() => ({
                title: document.title, scrolled: scrollY, width: document.documentElement.scrollWidth,
                direction: getComputedStyle(document.querySelector(".quoted")).direction,
                line: getComputedStyle(document.querySelector("mark")).borderBottomStyle,
                light: getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g).every(c => c > 128),
            })"""
        )
        words = await mark.inner_text()
        await page.emulate_media(color_scheme="light")
        light = await page.evaluate("getComputedStyle(document.documentElement).backgroundColor")

    assert words == quote
    assert box and 0 <= box["y"] < 700
    assert looks["scrolled"] > 1_000
    assert looks["width"] <= 390
    assert (looks["direction"], looks["line"]) == ("rtl", "solid")
    assert looks["title"].startswith("<script>")
    assert not looks["light"] and min(map(int, re.findall(r"\d+", light))) > 128
    assert asked == [link.partition("#")[0]] or asked == [link]
    assert said == []
