"""A fetched web page -> the article on it, or what the page is instead. Nothing here fetches anything.

`read_page` reads a page. `canonical_url` gives an address in one spelling, to be followed and shown; `page_key` gives
what all addresses of one article have in common (AMP and print pages, http and https, `www.`), to compare.
"""

from __future__ import annotations

from index.webpage.address import canonical_url, is_front_page, page_key, same_site, site_of
from index.webpage.page import Page, read_page
from index.webpage.standin import Problem, StandIn

__all__ = [
    "Page", "Problem", "StandIn", "canonical_url", "is_front_page", "page_key", "read_page", "same_site", "site_of",
]  # fmt: skip
