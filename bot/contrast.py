"""Whether a claim turns what a quote says into its opposite, in ways that matching word by word does not see. Pure.

Rules for English; in other languages only the signs that are shared are found. They are meant to be too strict.
"""

from __future__ import annotations

import re

from bot.facts import fold, names, stem, words

_NEGATION = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|neither|nor|without|cannot|hardly|instead of|rather than|unable|"
    r"refus\w+|den(?:y|ie[sd])|denying|reject\w*|fail(?:s|ed|ing)? to|avoid\w*|unlike|"
    r"nicht|kein\w*|nie|ohne|pas|jamais|sans|nunca|sin)\b|n['’]t\b",
    re.I,
)
_CLAUSE = re.compile(r"[,;:.!?()–—]|\b(?:but|and|or|while|although|because|who|which)\b", re.I)
# What stands between a negation and the word it denies.
_FILLERS = frozenset(
    """a an the to do does did done be been being is are was were have has had will would can could may might should
    very too so as of at in on for with by it its any that this such much many more most only quite really""".split()
)
# How many words after it a negation may deny.
_REACH = 3
_SHORTEST_OPPOSITE = 4

_OPPOSITES = [
    tuple(frozenset(side.split()) for side in pair.split("|"))
    for pair in (
        "rise rises rose risen rising increase increased increases grew grow grows gained climbed up higher"
        "|fall falls fell fallen falling decrease decreased decreases decline declined dropped shrank down lower",
        "more above|less fewer below",
        "before earlier|after later",
        "win wins won winner beat beats defeated|lose loses lost loser",
        "approve approved approves accepted accept accepts|refused rejected reject rejects refuse declined",
        "open opened opens opening|close closed closes closing shut",
        "begin began begins begun start started starts|end ended ends stopped stop stops finished",
        "alive survived survivors|dead died killed",
        "buy bought buys|sell sold sells",
        "guilty convicted|innocent acquitted",
        "highest largest biggest most longest|lowest smallest least fewest shortest",
        "north northern|south southern",
        "east eastern|west western",
        "allow allowed allows permitted legal|ban banned bans forbidden illegal",
        "support supported supports favour favor backed|oppose opposed opposes against",
    )
]
_DATES = frozenset(
    stem(word)
    for word in """january february march april may june july august september october november december monday tuesday
    wednesday thursday friday saturday sunday""".split()
)
_FOR = re.compile(r"(?<=\bvote )for\b|(?<=\bvotes )for\b|(?<=\bvoted )for\b", re.I)
_BY = re.compile(r"\bby (?:the \w+ )?(?=[^\W\d_a-z])")  # and a name
# What may or might happen has not happened; what comes after something need not come of it.
_CONDITION = re.compile(r"\b(?:if|unless|would|could|might)\b", re.I)
_HEDGE = re.compile(
    r"\b(?:if|unless|when|would|could|may|might|can|should|shall|will|plan\w*|propos\w+|want\w*|hop\w+|expect\w*|"
    r"promis\w+|offer\w*|intend\w*|announc\w+|warn\w*|recommend\w*|ask\w*|say|says|said|possib\w+|likely|to be)\b",
    re.I,
)
_FUTURE = re.compile(r"\b(?:will|shall|(?:is|are) to|plans? to|wants? to|(?:is|are) due to)\b", re.I)
_PAST = re.compile(r"\b(?:was|were|had|has|have|did|\w{2,}ed)\b", re.I)
_CAUSE = re.compile(r"\b(?:because|due to|caus\w+|led to|leads to|therefore|thanks to|result\w*|owing to)\b", re.I)
_REASON = re.compile(
    r"\b(?:because|due|caus\w+|led|leads?|therefore|thanks|result\w*|owing|as|since|so|after|when|reason\w*|why|"
    r"blame\w*|which|from|by|for|make|makes|made|accounts?|explain\w*)\b",
    re.I,
)
_TAKEN_BACK = re.compile(
    r"\s*(?:but |however, )?(?:that|this|it|both)(?: figure| number| report| claim| statement)?"
    r" (?:was|is|were|proved|turned out)(?: to be)?"
    r" (?:wrong|incorrect|false|untrue|not true|not correct|an? (?:mistake|error))\b",
    re.I,
)
_PLACED = frozenset("in at on near from of for to into outside inside around across through via".split())


def contradicts(claim: str, quote: str) -> bool:
    """Tell whether a claim denies what a quote affirms, affirms what it denies, or swaps who, when or whom."""
    rules = (_denies, _opposed, _swapped, _settled, _explained, _misdated)
    return any(rule(claim, quote) for rule in rules)


def taken_back(after: str) -> bool:
    """Tell whether a sentence is taken back by what comes right after it."""
    return bool(_TAKEN_BACK.match(after))


def _denies(claim: str, quote: str) -> bool:
    said, source = set(map(stem, words(claim))), set(map(stem, words(quote)))
    denied, denied_there = _denied(claim), _denied(quote)
    there = set().union(*denied_there)
    # Affirmed here, denied there.
    if any(scope & (said - set().union(*denied)) and not scope & set().union(*denied) for scope in denied_there):
        return True
    # Denied here: there, too, or at least something is.
    return any(not scope & there and (scope & source or not denied_there) for scope in denied if scope)


def _settled(claim: str, quote: str) -> bool:
    """Tell whether a claim takes for a fact what may happen, or for past what is to come."""
    if _HEDGE.search(claim):
        return False
    ahead = _FUTURE.search(quote) and not _PAST.search(quote)
    return bool(_CONDITION.search(quote) or (ahead and _PAST.search(claim)))


def _explained(claim: str, quote: str) -> bool:
    """Tell whether a claim gives a reason where the quote gives none."""
    return bool(_CAUSE.search(claim) and not _REASON.search(quote))


def _misdated(claim: str, quote: str) -> bool:
    """Tell whether another day or month of the quote stands nearer to what the claim is about than the claim's own."""
    said, order = [stem(word) for word in words(claim)], [stem(word) for word in words(quote)]
    about = [place for place, word in enumerate(order) if word in said and word not in _DATES and len(word) > 2]  # noqa: PLR2004
    own = [place for place, word in enumerate(order) if word in _DATES and word in said]
    others = [place for place, word in enumerate(order) if word in _DATES and word not in said]
    if not own or not others or not about:
        return False
    return min(_distance(place, about) for place in others) < min(_distance(place, about) for place in own)


def _distance(place: int, others: list[int]) -> float:
    return sum(abs(place - other) for other in others) / len(others)


def _denied(text: str) -> list[set[str]]:
    """Return, for each negation in a text, the stems of the words that it may deny."""
    scopes = []
    for negation in _NEGATION.finditer(text):
        clause = _CLAUSE.split(text[negation.end() :], maxsplit=1)[0]
        content = [word for word in words(clause) if fold(word) not in _FILLERS]
        scopes.append({stem(word) for word in content[:_REACH]})
    return scopes


def _opposed(claim: str, quote: str) -> bool:
    said, source = {fold(word) for word in words(_FOR.sub("favour", claim))}, {fold(word) for word in words(quote)}
    for one, other in _OPPOSITES:
        for here, against in ((one, other), (other, one)):
            if said & here and source & against and not source & here:
                return True
    return any(
        (f"un{word}" in source and word not in source) or (word.startswith("un") and word[2:] in source - {word})
        for word in said
        if len(word) > _SHORTEST_OPPOSITE and f"un{word}" not in said and word not in source
    )


def _swapped(claim: str, quote: str) -> bool:
    """Tell whether the name a claim begins with and a later one stand the other way round in the quote.

    A passive in one of the two, but not in both, turns the order round by right.
    """
    said = words(claim)
    found = list(names(claim, frozenset()))
    if not found or found[0][0] > 1:
        return False
    order = [fold(word) for word in words(quote)]
    subject_end = next((i for i, (place, _) in enumerate(found) if place != found[0][0] + i), len(found))
    subject = found[subject_end - 1][1]
    for place, name in found[subject_end:]:
        if name not in order or subject not in order or fold(said[place - 1]) in _PLACED:
            continue
        turned = order.index(name) < order.index(subject)
        if turned != (bool(_BY.search(claim)) != bool(_BY.search(quote))):
            return True
    return False
