"""English words by what they do in a sentence: what the rules of a conversation go by."""

from __future__ import annotations

import re

WORD = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*")

DETERMINERS = frozenset("the a an this that these those".split())
PREPOSITIONS = frozenset(
    "in on at for from to by with of during before after since until near under over between among about against "
    "into onto through across around behind beside without within towards toward outside inside per as than like via "
    "despite".split()
)
# What stands before a place.
PLACING = frozenset("in at near from to around outside across".split())
BE = frozenset("is are was were am be been being isn't aren't wasn't weren't".split())
AUXILIARIES = BE | frozenset(
    "do does did has have had will would can could shall should may might must don't doesn't didn't hasn't haven't "
    "hadn't won't wouldn't can't couldn't shouldn't mustn't".split()
)
QUESTION_WORDS = frozenset("who whom whose what which where when why how".split())
PRONOUNS = frozenset(
    "i you he she it we they me him her us them my your his its our their mine yours hers ours theirs himself herself "
    "itself themselves myself yourself someone anyone everyone somebody anybody everybody something anything nothing "
    "everything there one ones".split()
)
_OTHERS = frozenset(
    "and or but so nor yet if because while although though whether that than then also too not no yes just only even "
    "still ever never again already now here else many much more most few fewer less least some any all both each "
    "every either neither other another such same own very really exactly please ok okay well ago away up down out off "
    "back".split()
)
FUNCTION_WORDS = DETERMINERS | PREPOSITIONS | AUXILIARIES | QUESTION_WORDS | PRONOUNS | _OTHERS

MONTHS = frozenset("january february march april may june july august september october november december".split())
WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
DAYS = MONTHS | WEEKDAYS | frozenset("yesterday today tonight tomorrow".split())
# Written large, and no names of anybody or anything.
LIFTED = DAYS | FUNCTION_WORDS | frozenset("i i'm i'd mr".split()) - {"mr"}

# Small words inside of names.
PARTICLES = frozenset("de van von der den del la le du da di al bin ibn ten ter zu y".split())

FEMALE = dict.fromkeys(
    "mrs ms miss madam lady queen princess duchess woman mother daughter sister wife widow aunt girl actress "
    "spokeswoman chairwoman businesswoman congresswoman policewoman she her herself".split(),
    "she",
)
MALE = dict.fromkeys(
    "mr sir lord king prince duke man father son brother husband widower uncle boy actor spokesman chairman "
    "businessman congressman policeman he his him himself".split(),
    "he",
)
TITLES = frozenset(
    "mr mrs ms miss dr prof professor sir lady lord king queen prince princess president vice-president chancellor "
    "premier minister governor mayor senator councillor councilor congressman congresswoman judge justice captain "
    "colonel general major sergeant superintendent inspector commissioner bishop archbishop pope father sister brother "
    "saint director chairman chairwoman spokesman spokeswoman coach harbourmaster chief secretary ambassador "
    "representative deputy".split()
)
PEOPLE = (
    TITLES
    | FEMALE.keys()
    | MALE.keys()
    | frozenset(
        "person people child children men women actor author singer writer artist player teacher doctor nurse leader "
        "founder owner head boss candidate winner victim suspect thief thieves driver pilot worker engineer scientist "
        "researcher lawyer officer soldier reporter journalist editor resident residents citizen visitor visitors "
        "manager ceo executive".split()
    )
)
PLURALS = frozenset("people police men women children thieves feet teeth mice media data".split())
# What is one thing and many people.
BODIES = frozenset(
    "council company party university school church court bank police club team association union agency authority "
    "ministry department committee commission government parliament board jury crew family band group staff county "
    "city foundation institute society museum".split()
)
# What a name ends in that is not of a person.
THINGS = frozenset(
    "bridge museum council company party university college school church court bank house street road river lake sea "
    "bay island islands mountain park tower station airport port hospital library theatre theater hotel club "
    "association union agency authority ministry department office committee commission fund group league cup prize "
    "award act bill law treaty agreement war battle flood storm hurricane earthquake election post times news journal "
    "gazette courier herald tribune guardian telegraph radio television tv water energy air airlines airways railway "
    "rail works ltd inc corp corporation plc gmbh foundation institute society team united city county state states "
    "kingdom republic festival games programme program project report study inquiry list service services lane square "
    "valley hall gate dam sluice ferry ship centre center national international central".split()
)

ADJECTIVES = frozenset(
    "safe open closed dead alive ready available true false possible likely big large small long short high low old "
    "young new free full empty expensive cheap important famous popular responsible guilty aware different similar "
    "necessary worth able due enough first last next".split()
)

# Verbs that no ending gives away: base forms and the irregular past. Nouns of the same form are left out where the
# noun is what questions are about (vote, plan, fire, work, race).
_VERBS = frozenset(
    "am become became begin began begun bite break broke broken bring brought build built buy bought call can carry "
    "catch caught choose chose chosen come came cost cut cuts die dies do done draw drew drawn drink drive drove "
    "driven eat ate eaten end fall fell fallen feel felt fight fought find finds found flee fled fly flew flown "
    "forbid forget forgot forgotten get gets got gotten give gives gave given go goes went gone grow grew grown "
    "happen happens hear heard hide hid hidden hit hits hold holds held hurt keep keeps kept kill kills know knows "
    "knew known lay laid lead leads led leave leaves left lend lent let lets lie lose loses lost make makes made "
    "mean means meant meet meets met need pay pays paid put puts read rise rose risen run runs ran say says said "
    "see sees saw seen sell sells sold send sends sent set sets shoot shot shut sing sang sung sink sank sunk sit "
    "sat sleep slept speak speaks spoke spoken spend spent stand stands stood steal stole stolen swear swim take "
    "takes took taken teach taught tell tells told think thinks thought throw threw thrown understand understood "
    "want wants wear wore worn win wins won write writes wrote written resign open opens close closes live lives "
    "look looks move moves show shows turn turns use uses start starts stop stops begins becomes contain contains "
    "include includes remain remains seem seems stay stays own owns serve serves reach reaches receive receives "
    "pass passes defeat defeats belong belongs appear appears occur occurs exist exists refer refers play plays "
    "produce produces provide provides join joins create creates discover invent develop support supports help "
    "helps allow allows consist consists spends".split()
)
_ENDING = re.compile(r"(?!hundred|sacred|naked|shed|sled)\w+[^e]ed")


def is_verb(word: str) -> bool:
    """Whether a word in lower case reads as a verb or a participle."""
    return word in _VERBS or bool(_ENDING.fullmatch(word))
