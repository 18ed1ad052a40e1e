"""Pages that stand in an article's place are named; ordinary articles are articles, whatever they are about."""

from __future__ import annotations

import pytest

from index.webpage import Problem, read_page
from tests.index.webpage.pages import BANNER, BODY, PARAGRAPHS, URL, article, page

LD = '<script type="application/ld+json">{}</script>'
NOT_FREE = LD.format(
    '{"@type": "NewsArticle", "isAccessibleForFree": "False", "hasPart": {"isAccessibleForFree": false}}'
)
TEASER = f"<p>{PARAGRAPHS[0]}</p>"

CONSENT_DE = page(
    """<main><h1>Cookies zustimmen</h1>
    <p>Wir und unsere 124 Partner verwenden Cookies und brauchen Ihre Einwilligung.</p>
    <p>Besuchen Sie uns wie gewohnt mit Werbung. Ihre Zustimmung können Sie jederzeit widerrufen, auch teilweise.</p>
    <button>Akzeptieren und weiter</button></main>""",
    title="Zustimmung | Küstenkurier",
)
LISTED = "".join(
    f"<li><h3>Story {n}</h3><p>The council met on day {n} and talked for hours of boats.</p></li>" for n in range(9)
)

STAND_INS = {
    "consent": (Problem.CONSENT_WALL, page(f"<main>{BANNER}</main>", title="The Coast Courier")),
    "consent in German": (Problem.CONSENT_WALL, CONSENT_DE),
    "consent in the text": (
        Problem.CONSENT_WALL,
        page("<main>" + BANNER.replace("onetrust-banner-sdk", "a").replace("cookie-banner", "b") + "</main>"),
    ),
    "stated as not free": (Problem.PAY_WALL, article(NOT_FREE)),
    "stated in microdata": (Problem.PAY_WALL, article('<meta itemprop="isAccessibleForFree" content="false">')),
    "locked": (Problem.PAY_WALL, article('<meta property="article:content_tier" content="locked">')),
    "teaser and box": (
        Problem.PAY_WALL,
        article(body=TEASER, after="<div><h2>Subscribe to continue reading</h2><p>From 2 a week.</p></div>"),
    ),
    "in French": (Problem.PAY_WALL, article(body=f"{TEASER}<p>Cet article est réservé aux abonnés.</p>")),
    "in Japanese": (Problem.PAY_WALL, article(body=f"{TEASER}<p>この記事は有料会員限定です。</p>")),
    "a wall by its name": (
        Problem.PAY_WALL,
        article(body=TEASER, after='<div class="piano-paywall">Members see the whole story. Take part today.</div>'),
    ),
    "soft 404": (Problem.NOT_FOUND, page("<h1>Page not found</h1><p>Try the search.</p>", title="404 | Courier")),
    "soft 404 with a list": (
        Problem.NOT_FOUND,
        page(f"<h1>Page not found</h1><main><p>Read this:</p><ul>{LISTED}</ul></main>", title="Page not found | C"),
    ),
    "soft 404 in Spanish": (Problem.NOT_FOUND, page("<h1>Página no encontrada</h1>", title="Correo")),
    "login": (
        Problem.LOGIN,
        page("<h1>Log in</h1><form>Name <input name=u> <input type=Password></form>", title="Log in | Courier"),
    ),
    "scripts": (
        Problem.NEEDS_SCRIPTS,
        '<html><head><title>Courier</title></head><body><div id="root"></div><script src="/a.js"></script></body>',
    ),
    "scripts, said": (
        Problem.NEEDS_SCRIPTS,
        page("<p>You need to enable JavaScript to run this.</p><script>a()</script>" + LISTED[:60], title="App"),
    ),
    "challenge": (Problem.CHALLENGE, page("<h1>coast.example</h1><p>Checking.</p>", title="Just a moment...")),
    "empty": (Problem.EMPTY, "<html><head><title>x</title></head><body> </body></html>"),
    "nothing": (Problem.EMPTY, ""),
    "too short": (Problem.TOO_SHORT, article(body="<p>The bridge is open again.</p>")),
    "redirect": (
        Problem.REDIRECT,
        '<html><head><meta http-equiv="Refresh" content="0; URL=\'/news/new-bridge\'"></head><body>Moved.',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("problem", "content"), STAND_INS.values(), ids=STAND_INS)
def test_what_stands_in_an_articles_place_is_named(problem: Problem, content: str) -> None:
    read = read_page(content, URL)

    assert read.article is None
    assert read.problem is not None
    assert (problem, ".") == (read.problem.problem, read.problem.reason[-1])


ABOUT_COOKIES = """<p>Most sites ask for consent with the words “we and our partners store cookies on your device”,
and the button that says “Accept all” is the large one, a study of four thousand sites has found this spring.</p>
<p>The authority wants both buttons to be alike. “Reject all must be as easy as accept all,” its head said, and
cookie banners that hide the second button behind two further pages would be fined from next year on.</p>
<p>Publishers say that without the consent of readers their advertisements earn a third of what they earn now.</p>"""
ABOUT_SUBSCRIPTIONS = """<p>The Courier has won ten thousand subscribers since it put its news behind a paywall in May,
and its editor says that most of them came through the box that asks readers to subscribe to continue reading.</p>
<p>Other papers of the coast tell the same story: articles for subscribers only are read for twice as long, and those
who have reached the limit of free articles come back within a week more often than anybody had expected.</p>
<p>The union doubts the figures. It counts members who pay a single unit for three months and leave afterwards.</p>"""

ARTICLES = {
    "with a cookie banner": article(before=BANNER),
    "short, with a cookie banner": article(body=f"<p>{PARAGRAPHS[1]}</p>", after=BANNER),
    "about cookies, with a banner": article(body=ABOUT_COOKIES, headline="Reject must be as easy", before=BANNER),
    "about subscriptions": article(body=ABOUT_SUBSCRIPTIONS, headline="Ten thousand subscribers"),
    "with an offer": article(after='<div class="subscribe-box">Subscribe from 2 a week. A member? Log in.</div>'),
    "with an empty wall": article(body=TEASER, after='<div id="paywall"></div><div class="regwall">Log in</div>'),
    "in a wall that is open": article(body=f'<div class="paywall">{BODY}</div>'),
    "stated as free": article(LD.format('{"@type": "NewsArticle", "isAccessibleForFree": true}')),
    "metered": article('<meta property="article:content_tier" content="metered">'),
    "beside one that is not free": article(
        LD.format('{"@type": "NewsArticle", "url": "https://coast.example/other", "isAccessibleForFree": false}')
    ),
    "about pages that are not found": article(headline="Page not found: why links rot"),
    "about number 404": article(headline="Bus 404 returns to the harbour"),
    "with a form to log in": article(after="<form>Log in <input name=u> <input type=password></form>"),
    "about logins": article(headline="Log in once, read everywhere"),
    "with scripts": article(after="<noscript>Please enable JavaScript.</noscript><script src=/a.js></script>"),
    "that refreshes itself": article('<meta http-equiv="refresh" content="300">'),
    "that refreshes itself soon": article(f'<meta http-equiv="refresh" content="5; url={URL}#x">'),
    "that sends readers without scripts on": article(
        '<noscript><meta http-equiv="refresh" content="0; url=/nojs"></noscript>'
    ),
    "about a moment": article(headline="Just a moment of peace at the harbour"),
}  # fmt: skip


@pytest.mark.parametrize("content", ARTICLES.values(), ids=ARTICLES)
def test_an_ordinary_article_is_an_article(content: str) -> None:
    read = read_page(content, URL)

    assert read.problem is None
    assert read.article is not None


def test_a_redirect_names_where_it_leads() -> None:
    read = read_page(STAND_INS["redirect"][1], URL)

    assert "https://coast.example/news/new-bridge" == read.redirect


@pytest.mark.parametrize("target", ["javascript:alert(1)", "file:///etc/passwd", "ftp://coast.example/"])
def test_a_redirect_to_no_web_address_leads_nowhere(target: str) -> None:
    read = read_page(f'<html><head><meta http-equiv=refresh content="0;url={target}"></head><body></body></html>', URL)

    assert read.redirect is None
    assert read.problem is not None
    assert Problem.EMPTY is read.problem.problem


def test_an_article_that_leads_to_the_front_page_is_gone() -> None:
    read = read_page(page(f"<main><h1>The Coast Courier</h1>{BODY}</main>"), "https://coast.example/", asked=URL)

    assert read.problem is not None
    assert Problem.NOT_FOUND is read.problem.problem


def test_a_redirect_to_a_host_of_consent_is_a_wall() -> None:
    read = read_page(article(), "https://consent.coast.example/v2/collect", asked=URL)

    assert read.problem is not None
    assert Problem.CONSENT_WALL is read.problem.problem


def test_who_may_have_what_is_paid_for_gets_it_where_it_is_there() -> None:
    whole = read_page(article(NOT_FREE), URL, paid=True)
    teaser = read_page(STAND_INS["teaser and box"][1], URL, paid=True)

    assert whole.article is not None
    assert teaser.problem is not None
    assert Problem.PAY_WALL is teaser.problem.problem


def test_a_part_that_is_marked_as_paid_is_left_out_of_a_free_article() -> None:
    part = LD.format(
        '{"@type": "Article", "isAccessibleForFree": true,'
        ' "hasPart": [{"@type": "WebPageElement", "isAccessibleForFree": "False", "cssSelector": ".premium"}]}'
    )
    content = article(part, body=f'{BODY}<div class="box premium"><p>{PARAGRAPHS[0].upper()}</p></div>')

    free, paid = (read_page(content, URL, paid=paid).article for paid in (False, True))

    assert free is not None
    assert paid is not None
    assert ("HARBOUR" not in free.text, "HARBOUR" in paid.text) == (True, True)
