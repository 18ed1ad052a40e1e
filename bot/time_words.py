"""The words by which a question speaks of days, as patterns. English.

A date that can be a name as well ("May", "Sunday") is matched with what stands before it; `bot.when` looks at the rest.
"""

from __future__ import annotations

import re

# What stands in quotation marks is a title or somebody's words.
QUOTED = re.compile(r"[“„«\"][^“”„«»\"]{1,200}[”“»\"]")

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
PART = r"(?: (?:morning|afternoon|evening|night))?"
YEAR = r"(?:1\d|20)\d\d(?![\d,.%/:–-]\d|%|-)"
DAY = r"(?:[0-3]?\d)(?:st|nd|rd|th)?"
COUNT = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
COUNTS = {
    word: n for n, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), start=1)
}
# A date that can be no name, whatever stands around it.
EXACT = (
    rf"(?:\d{{4}}-\d\d-\d\d(?!\d)|(?:the )?{DAY} (?:of )?{MONTH}(?:,? {YEAR})?(?!\w)"
    rf"|{MONTH} {DAY}(?:,? {YEAR})?(?![\w:.]\d|\w)|{MONTH},? (?:of )?{YEAR})"
)
AGO = rf"(?:{COUNT} (?:day|week|month|year)s? ago|a fortnight ago)"
SPAN = (
    r"(?:(?:this|last|past|previous) (?:week|month|year)"
    rf"|(?:the )?(?:last|past|previous) (?:few|couple of|{COUNT}) (?:day|week|month|year)s?)(?:['’]s)?"
)
NEAR = rf"(?:(?:the day before )?yesterday(?:['’]s)?|last night|{AGO})"
# A date that may be a name, too: it must stand where a date stands.
LOOSE = rf"(?:(?:last )?{WEEKDAY}{PART}(?:['’]s)?|(?:last )?{MONTH}|(?:early |late |mid-?\s?)?{YEAR})"
DATE = rf"(?:{EXACT}|{NEAR}|{SPAN}|{LOOSE}|today(?:['’]s)?)"
INTO = r"(?:(?:early|late|mid|the (?:beginning|start|middle|end|course) of)[ -])?"

RANGE = re.compile(
    rf"\b(?:between|from) (?P<first>{INTO}{DATE}) (?:and|to|until|till|through) (?P<last>{INTO}{DATE})(?!\w)", re.I
)
OPEN = re.compile(
    rf"\b(?P<word>since|after|before|until|till|up to|as of|starting)(?: the)? (?P<date>{INTO}{DATE})(?!\w)", re.I
)
AT = re.compile(rf"\b(?:in|on|during|over|from|of|at|for|within) (?:the )?(?P<date>{INTO}{DATE})(?!\w)", re.I)
BARE = re.compile(rf"\b(?P<date>{EXACT}|{NEAR}|{SPAN}|(?:last )?{WEEKDAY}{PART}|today['’]s)(?!\w)", re.I)
NOW = re.compile(
    r"\b(?:(?<!at the )latest|newest|most recent|recent|recently|lately|currently|nowadays|now|right now|at the moment|"
    r"at present|these days|today|so far|(?<=the )current(?! account| assets)|still)\b(?!['’])",
    re.I,
)

# What may follow a date that could be a name as well; a word of another kind makes it part of one.
FOLLOWS = re.compile(
    r"\s*(?:$|[?!,;:)–—]|\.(?:\s|$)|"
    r"(?:a|about|after|an|and|are|as|at|because|before|but|by|can|could|did|do|does|for|from|had|has|have|he|how|if|in|into|is|"
    r"it|its|onwards?|or|said|she|than|that|the|their|they|this|to|until|was|we|were|what|when|where|which|who|whose|why|"
    r"will|with|would|you)\b(?!['’]s))",
    re.I,
)
UNITS = re.compile(
    r" (?:met(?:re|er)s?|people|miles|k(?:m|g)|dollars|euros|crowns|pounds|hours|feet|votes|words)\b", re.I
)
AHEAD = re.compile(r"\b(?:will|going to|upcoming|next|tomorrow|shall|scheduled|due)\b", re.I)
# Before a bare weekday, these make it one of many, or one to come.
NOT_A_DAY = frozenset("a an any each every the next coming following some no or and black good".split())

# Words that stand for articles; for "news" and "reports", what stands before shows it ("Fox News", "who reports").
ARTICLES = (
    r"(?:\b(?:articles?|stories|coverage|headlines)|"
    r"(?:^|[.?!:,] |\b(?:the|any|all|what|which|press|show|find|me|of|in|from|only|these|those|recent|latest|newest|"
    r"other|media|no|some|your|local|search|list|new|more|is|are|there|about|to|did|do|summari[sz]e) )"
    r"(?:news(?: stories| items| reports?)?|reports))"
)
WRITTEN = r"(?:published|reported|written|printed|posted|dated)"
FIRM = re.compile(
    rf"(?:{ARTICLES}(?: (?:that|which))?(?: (?:was|were|is|are|has been|have been))?(?: {WRITTEN})?"
    rf"|{ARTICLES} (?:about|on|of|concerning|mentioning)(?: [^\s.?!]+){{1,10}}? (?:{WRITTEN}|from|dated)"
    r"|\b(?:what|anything|something|everything|nothing)(?: else| has| was| is| have| had| been)*(?: new)?"
    rf" {WRITTEN}"
    rf"(?: (?:about|on)(?: [^\s.?!]+){{1,8}})?"
    rf"|\bwhat(?:['’]s| is)(?: the)? new(?:s)?|^{WRITTEN}) $",
    re.I,
)
FIRM_SINCE = re.compile(rf"{ARTICLES} (?:about|on|of|concerning)(?: [^\s.?!]+){{1,10}} $", re.I)
