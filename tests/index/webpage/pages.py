"""Pages for the tests: one article, in the frames and behind the walls that sites put around theirs."""

from __future__ import annotations

PARAGRAPHS = (
    "The harbour bridge reopened on Tuesday after six months of repairs that cost the town more than four million. "
    "Hundreds of people walked across it in the first hour, and the ferries that had replaced it made their last trip.",
    "The council had closed the bridge in spring when divers found that two of its piers had been worn away. "
    "Engineers drove new piles into the river bed and poured concrete around them while the tide was out.",
    "“We were never late for a single tide,” said the engineer in charge, whose crew worked at night for weeks.",
)
TEXT = "\n\n".join(PARAGRAPHS)
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
HEADLINE = "Harbour bridge reopens"
URL = "https://coast.example/news/bridge"

BANNER = """
<div id="onetrust-banner-sdk" class="cookie-banner"><h2>We value your privacy</h2>
<p>We and our 842 partners store cookies on your device and process personal data such as unique identifiers. With your
consent, we use them for advertising, measurement and the development of services. You can change your choices at any
time under privacy settings. Some partners rely on a legitimate interest and do not ask for your consent.</p>
<button>Accept all</button><button>Reject all</button><a href="#">Manage options</a></div>"""

FRAME = '<nav><a href="/">Home</a> <a href="/subscribe">Subscribe</a> <a href="/login">Log in</a></nav>'


def page(body: str, head: str = "", title: str = f"{HEADLINE} | The Coast Courier") -> str:
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body>{FRAME}{body}<footer>The Coast Courier, Harbour Lane 1</footer></body></html>"
    )


def article(head: str = "", *, before: str = "", after: str = "", body: str = BODY, headline: str = HEADLINE) -> str:
    return page(
        f"{before}<main><article><h1>{headline}</h1>{body}</article></main>{after}",
        f'<meta property="og:site_name" content="The Coast Courier">{head}',
        f"{headline} | The Coast Courier",
    )
