"""What is done when a button is pressed or a form is sent, by the beginning of its id."""

from __future__ import annotations

from bot.buttons import Action
from bot.cogs.again import ask_again
from bot.cogs.edits import EDITED, ask_edited
from bot.cogs.forms import ABOUT, LONG, take_question
from bot.cogs.opinions import ask_why, take_helpful, take_reason, take_wish
from bot.cogs.passages import show_passage, walk
from bot.cogs.results import show_chosen, show_results, turn_page
from bot.cogs.settings_panel import SETTINGS_PANEL, take_form
from bot.cogs.sharing import SHARE, share
from bot.cogs.views import FormHandler, Handler

HANDLERS: dict[str, Handler] = {
    "fn:p:": show_passage,
    "fn:n:": walk,
    Action.MORE: show_results,
    Action.TURN: turn_page,
    Action.PICK: show_chosen,
    Action.AGAIN: ask_again,
    SHARE: share,
    EDITED: ask_edited,
    Action.HELPFUL: take_helpful,
    Action.UNHELPFUL: ask_why,
    Action.WISH: take_wish,
}

FORMS: dict[str, FormHandler] = {
    LONG: take_question,
    ABOUT: take_question,
    Action.WHY: take_reason,
    SETTINGS_PANEL: take_form,
}
