"""Which texts the bot has, and the variables that stand in each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

# By table; behind a text's name, its variables.
_TABLES = {
    "answer": """
        related nothing try_again other_language{languages} sources more{count} untitled undated also{names}
        earlier page{pages} understood{question} as_of{day} continued
    """,
    "time": """
        searched{days} loosened{days} after{newest,days} read{words,days} since{day} until{day}
        range{since,until} undated{count} undated_one
    """,
    "age": "newest{day,age} only{day,age} undated month months{count} year years{count}",
    "differ": "later{later,earlier} either{one,other}",
    "talk": "abilities identity machine certainty insult wellbeing bye thanks compliment greeting assent",
    "corpus": """
        one{which} many{count,which} none{which} total{count,which} more{count} newest{day} quoted
        sources{count,sources} no_sources about{topic} by{source} on{day} between{since,until} since{since}
        until{until}
    """,
    "confidence": "high good fair low none",
    "searched": """
        one many{articles} empty dates{oldest,newest} day{day} since{since} until{until} sources{sources}
    """,
    "passage": "button{number} gone forged changed since{day} elsewhere lost removed link",
    "ago": "today yesterday days{count} weeks{count} months{count} year years{count}",
    "reading": "previous next place{number,count} moved here",
    "page": """
        jump jump_to{number} original{host} changed about part{number,count} next previous missing_title missing
        refused_title refused expired_title expired gone_title gone crowded_title crowded failed_title failed
        since{day} first{day} revised{day,what} sentences{added,removed} field_title field_url field_published
        field_source field_authors
    """,
    "command": """
        footnote settings status rebuild forget forget_answer ask ask_question ask_since ask_until ask_source
        ask_private ask_thread ask_long help
        privacy my_data delete_my_data gaps gaps_since digest digest_on digest_off
    """,
    "results": "title{question} none page{page,pages} previous next choose",
    "press": """
        more again helpful unhelpful wish unknown forged unavailable thanks noted why why_label why_hint wished unwished
        asked_again{day}
    """,
    "name": """
        ask ask_long help question since until source private thread ask_about find privacy my_data delete_my_data gaps
        digest digest_on digest_off settings status rebuild forget answer
    """,
    "form": "long about question since until source message",
    "menu": "empty",
    "share": "button by{member} done forged",
    "thread": "write mention not_here forbidden",
    "edited": "button forged not_yours gone",
    "auto": "why",
    "welcome": "text example{question} more",
    "example": "about{topic}",
    "claim": "same{numbers} otherwise{numbers} close{numbers} nothing none",
    "date": "day{day,month,year} months",
    "help": "title text examples empty",
    "number": "thousands",
    "terminal": "figures{percent,milliseconds}",
    "demo": "welcome{questions} questions",
    "settings": """
        title server channel{channel} choose choose_setting choose_channel change write unset whole saved forged
        no_server not_you
        bad_sources bad_tokens_a_day form_sources form_tokens_a_day configured everywhere nowhere everybody managers
        all auto tokens{count} from_default from_guild from_channel answer_in auto_answer roles language strictness
        sources generate threads tokens_a_day rebuild_roles about_answer_in about_auto_answer about_roles
        about_language about_strictness about_sources about_generate about_threads about_tokens_a_day
        about_rebuild_roles strictness_strict strictness_balanced strictness_eager generate_on generate_off
        threads_follow threads_open threads_off
    """,
    "status": """
        title index{articles,passages} built{when,generation} newest{day} no_index not_opened{generation} queue{count}
        heartbeat no_heartbeat ledger ledger_failed{count} generates quotes
        source_failed{source,when,count} source_held{source,when,count} next_rebuild{when}
    """,
    "rebuild": """
        not_you off running failed{id} read split embed write validate left{wait} same{wait}
        done{wait,added,changed,removed,unchanged} skipped{count} reading{source} reading_more{source,others}
        trouble{sources}
    """,
    "forget": """
        talk answer unknown
    """,
    "desk": """
        not_here{channels} not_you no_direct source{source,sources} limit_member{wait} limit_channel{wait}
        limit_guild{wait} seconds{count} minutes{count} hours{count} place{count} place_one
    """,
    "privacy": """
        title stored only by_id hashed readable days{days} forever model commands file ask yes deleted{count} failed
    """,
    "gaps": """
        title none{since} wished{count} more{count} footer{count,since} not_allowed
    """,
    "told": """
        direct channel stop stopped
    """,
    "digest": """
        title one{since} many{count,since} unnamed more{count} on on_already off off_already cannot
    """,
    "problem": """
        bad_date{value,option,example} dates_swapped{since,until} unknown_source{source} busy slow
        not_ready{id} closing no_embeds outdated unexpected{id} question_empty question_long{length,most}
        question_wordless
    """,
}

# Every text there is, and the variables that stand in it.
VARIABLES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        f"{table}.{name}": frozenset(variables.split(",")) - {""}
        for table, texts in _TABLES.items()
        for name, variables in re.findall(r"(\w+)(?:\{([\w,]+)\})?", texts)
    }
)
