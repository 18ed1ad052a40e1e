"""What is said to the bot rather than asked of the articles. Pure.

A message is small talk only if all of it is, from the first word to the last: one that merely begins like it ("Thanks
for the report says who?") is a question. English only; other languages are questions like any other.
"""

from __future__ import annotations

import re
from enum import StrEnum

# Characters and clauses of the longest small talk; what is longer has something to say.
LONGEST = 120
MOST_CLAUSES = 4


class Sort(StrEnum):
    """The sorts of small talk, each with a text of its name under `[talk]`; of several, the first here is answered."""

    ABILITIES = "abilities"
    IDENTITY = "identity"
    MACHINE = "machine"
    CERTAINTY = "certainty"
    INSULT = "insult"
    WELLBEING = "wellbeing"
    BYE = "bye"
    THANKS = "thanks"
    COMPLIMENT = "compliment"
    GREETING = "greeting"
    ASSENT = "assent"


def _any(words: str) -> str:
    """Return a pattern for any of the words and, with "_" for a space, phrases."""
    return f"(?:{'|'.join(words.split()).replace('_', ' ')})"


_YOU = _any("footnote bot buddy mate friend dear man guys all everyone everybody there again please folks team")
_VERY = f"(?:{_any('so very really such quite pretty absolutely totally just a an the')} )*"
_MIND = _any(
    "ai a_i artificial_intelligence bot robot human human_being person people real machine chatbot computer program "
    "llm language_model large_language_model chatgpt chat_gpt gpt claude gemini sentient conscious alive"
)
_GOOD = _any(
    "great good awesome amazing smart clever cool nice helpful brilliant best wonderful fantastic impressive useful "
    "perfect excellent interesting genius right correct true funny lovely neat sweet"
)
_BAD = _any(
    "stupid useless dumb bad terrible awful worthless rubbish garbage trash idiot moron wrong annoying joke nonsense "
    "bullshit crap horrible lame incompetent liar fool pathetic lying slow worst shitty "
    "not_helpful not_right not_true not_correct"
)
_IT_IS = f"(?:{_any('you this_bot that this it')}(?: is| are|'s|'re|s|re| was))"
_THING = _any("bot answer job work one stuff reply robot machine ai thing boy girl")
_HELP = _any(
    "help helping helping_me answer answers answering reply info information response time support everything "
    "explanation explaining that this"
)
_THANKS = r"(?:ok(?:ay)? |great |perfect |cool |many |big )?(?:thanks?|thank u|thx|tysm?|thankyou|cheers)"
_MUCH = _any("you so_much very_much a_lot a_bunch a_million a_ton much again anyway for_now in_advance")

# A clause a line, in lower case and without marks.
_TALK = {
    Sort.ABILITIES: r"""
        (?:i need (?:some )?)?help(?: me)?
        commands?
        what (?:can|do|could) you do(?: for (?:me|us))?
        what are you (?:for|able to do|good at)
        what are your (?:commands|abilities|features|functions|skills)
        what (?:can|could|may|should) i (?:ask|ask you|do)(?: here)?
        how (?:do|does|can|could) (?:you|this|this bot|it|the bot) work
        how (?:do|can|should) i (?:use|talk to|ask) (?:you|this|this bot|it)
        how to use (?:you|this|this bot|it)
        (?:how )?(?:can|could|will|would) you help(?: me| us)?(?: out)?
        what (?:(?:kinds? of|sort of) )?questions can (?:i ask|you answer)(?: you)?
    """,
    Sort.IDENTITY: r"""
        (?:who|what)(?: exactly)? are you
        what(?: is|'s|s) your name
        who (?:made|built|created|wrote|programmed) you
        introduce yourself
        (?:tell me|what can you tell me) about yourself
        do you have a name
    """,
    Sort.MACHINE: rf"""
        (?:so )?are you (?:an? |the )?(?:real |actual )?{_MIND}
        am i (?:talking|speaking|chatting) (?:to|with) (?:an? )?(?:real )?{_MIND}
        is this (?:an? )?{_MIND}
        do you (?:use|have) (?:an? )?(?:{_MIND}|feelings)
    """,
    Sort.CERTAINTY: r"""
        are you (?:really |quite |absolutely )?(?:sure|certain|serious|lying)(?: about (?:that|this|it))?
        really|seriously|for real|says who
        is (?:that|this|it) (?:really |actually )?(?:true|right|correct|so)
        can i trust (?:you|that|this)
        (?:do|did|would) you (?:make (?:that|this|things|it) up|lie)
        how do you know(?: that| this)?
        (?:what|where) is your (?:source|proof|evidence)
        do you (?:ever )?hallucinate
    """,
    Sort.INSULT: rf"""
        {_IT_IS} {_VERY}{_BAD}(?: {_THING})?(?: ever)?
        {_BAD} {_THING}(?: ever)?
        (?:no )?(?:that(?: is|'s|s) )?wrong
        idiot|moron|stupid|nonsense|bullshit|shut up|go away|get lost|go to hell|you suck|this sucks
        fuck(?: you| off| this)?|screw you|i hate (?:you|this)
    """,
    Sort.WELLBEING: r"""
        how(?: are|'re|re) you(?: doing| today| feeling)*
        how do you do|how have you been
        how(?: is|'s|s) (?:it|life|your day)(?: going)?
        what(?: is|'s|s) up|wassup|sup
        are you (?:ok|okay|well|there|awake|online|here|up|working)
        (?:is )?(?:anyone|anybody|someone) (?:there|here)
    """,
    Sort.BYE: r"""
        (?:good ?)?bye(?: bye)?|good ?night|farewell|cya|ciao|take care|later|ttyl|i(?:'m| am) done
        see (?:you|ya)(?: (?:later|soon|around|tomorrow|then|next time))?
        have a (?:good|great|nice) (?:day|one|evening|night|weekend)
        that(?: is|'s| will be|'ll be) (?:all|it)(?: for (?:now|today))?
    """,
    Sort.THANKS: rf"""
        {_THANKS}(?: {_MUCH})*(?: for (?:your |all |that )?{_VERY}(?:{_GOOD} |quick |kind )?{_HELP})?
        (?:i )?(?:really |much )?appreciated?(?: it| that| your help)?
        that (?:really )?helped(?: me)?(?: a lot)?
    """,
    Sort.COMPLIMENT: rf"""
        {_IT_IS} {_VERY}{_GOOD}(?: {_THING})?
        {_VERY}{_GOOD}(?: {_THING})?(?: ever)?
        (?:i )?(?:love|like) (?:you|it|this|this bot|that)
        well done|wow|bravo|good to know|keep it up
    """,
    Sort.GREETING: r"""
        (?:hi+|hello+|hey+|hiya|heya|howdy|hullo|greetings|yo|welcome)(?: to you)?
        good (?:morning|afternoon|evening|day)|morning|evening|g'day
        (?:nice|pleased) to meet you|long time no see
    """,
    Sort.ASSENT: r"""
        ok+|okay|kk?|alright|all right|got it|i see|understood|makes sense|fine|sure|exactly|indeed|i agree|whatever
        yes|yeah|yep|yup|no|nope|nah|oh|ah|aha|hm+|(?:ha)+|lol|lmao|hehe|never ?mind|nvm|no worries|no problem
        sorry|my bad|please|oops|test|testing
    """,
}
_CLAUSES = [
    (sort, re.compile(f"(?:{'|'.join(line.strip() for line in forms.strip().splitlines())})(?: {_YOU})*"))
    for sort, forms in _TALK.items()
]
_ADDRESSED = re.compile(r"(?:(?:hey|hi|ok|okay|oh|well|so|and|but|please|dear) )?(?:footnote|bot)")
# What stands before something else without a mark between them: "hello who are you", "ok thanks bye".
_LEADING = frozenset({Sort.GREETING, Sort.ASSENT, Sort.THANKS, Sort.COMPLIMENT})


def small_talk(text: str) -> Sort | None:
    """Return what sort of small talk a text is, all of it; None if any of it may be a question to the articles."""
    if len(text) > LONGEST:
        return None
    plain = re.sub(r"[^\w\s',.!?;:–—-]|_", " ", text.casefold().replace("’", "'"))
    clauses = [" ".join(clause.split()).strip("-' ") for clause in re.split(r"[,.!?;:–—]+| -+ ", plain)]
    clauses = [clause for clause in clauses if clause]
    if not 0 < len(clauses) <= MOST_CLAUSES:
        return None
    found = [Sort.GREETING if _ADDRESSED.fullmatch(clause) else _sort_of(clause) for clause in clauses]
    sorts = [sort for sort in found if sort is not None]
    return min(sorts, key=list(Sort).index) if len(sorts) == len(found) else None


def _sort_of(clause: str) -> Sort | None:
    if sort := _whole(clause):
        return sort
    words = clause.split()
    for cut in range(1, len(words)):
        first, rest = _whole(" ".join(words[:cut])), " ".join(words[cut:])
        if first in _LEADING and (second := _whole(rest)):
            return min(first, second, key=list(Sort).index)
    return None


def _whole(clause: str) -> Sort | None:
    return next((sort for sort, pattern in _CLAUSES if pattern.fullmatch(clause)), None)
