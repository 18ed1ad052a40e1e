"""What Discord demands of messages, modals, suggestions and commands; who breaks a rule is refused as there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tests.wire.discord.errors import Refused
from tests.wire.discord.model import COMPONENTS_V2, parts_of

ROW, BUTTON, SELECT, TEXT_INPUT, TEXT_DISPLAY = 1, 2, 3, 4, 10
LINK = 5


def _at_most(field: str, value: Any, most: int, least: int = 0) -> None:
    if value is not None and not least <= len(value) <= most:
        raise Refused(400, 50035, **{field: f"Must be between {least} and {most} in length."})


def check_message(body: Mapping[str, Any], *, new: bool = True) -> None:
    """Refuse a message that Discord would not take."""
    content, embeds, components = body.get("content"), body.get("embeds") or [], body.get("components") or []
    _at_most("content", content, 2000)
    _at_most("embeds", embeds, 10)
    for embed in embeds:
        _check_embed(embed)
    if sum(_length(embed) for embed in embeds) > 6000:
        raise Refused(400, 50035, embeds="Embed size exceeds maximum size of 6000")
    check_components(components, v2=bool(body.get("flags", 0) & COMPONENTS_V2))
    if body.get("flags", 0) & COMPONENTS_V2 and (content or embeds):
        raise Refused(400, 50035, content="The 'content' field cannot be used with components v2")
    if new and not (content and content.strip()) and not embeds and not components:
        raise Refused(400, 50006)


def _check_embed(embed: Mapping[str, Any]) -> None:
    _at_most("title", embed.get("title"), 256)
    _at_most("description", embed.get("description"), 4096)
    _at_most("footer", (embed.get("footer") or {}).get("text"), 2048)
    _at_most("author", (embed.get("author") or {}).get("name"), 256)
    _at_most("fields", embed.get("fields") or [], 25)
    for each in embed.get("fields") or []:
        _at_most("fields.name", each["name"], 256, 1)
        _at_most("fields.value", each["value"], 1024, 1)
    if embed.get("url") and not re.match(r"https?://", embed["url"]):
        raise Refused(400, 50035, url="Scheme must be one of ('http', 'https').")


def _length(embed: Mapping[str, Any]) -> int:
    fields = embed.get("fields") or []
    return (
        len(embed.get("title") or "")
        + len(embed.get("description") or "")
        + len((embed.get("footer") or {}).get("text") or "")
        + len((embed.get("author") or {}).get("name") or "")
        + sum(len(each["name"]) + len(each["value"]) for each in fields)
    )


def check_components(components: Sequence[dict[str, Any]], *, v2: bool = False) -> None:
    """Refuse buttons, selects and the like that Discord would not take."""
    parts = parts_of(list(components))
    if v2:
        _at_most("components", parts, 40)
        if sum(len(part.get("content", "")) for part in parts if part["type"] == TEXT_DISPLAY) > 4000:
            raise Refused(400, 50035, components="The total text is longer than 4000.")
    else:
        _at_most("components", components, 5)
        if any(part["type"] != ROW for part in components):
            raise Refused(400, 50035, components='Value of field "type" must be one of (1,).')
    ids = [part["custom_id"] for part in parts if part.get("custom_id") is not None]
    if len(ids) != len(set(ids)):
        raise Refused(400, 50035, custom_id="Component custom id cannot be duplicated")
    for part in parts:
        _check_component(part)


def _check_component(part: Mapping[str, Any]) -> None:
    if part["type"] == ROW:
        _at_most("components", part["components"], 5, 1)
        return
    if "custom_id" in part:
        _at_most("custom_id", part["custom_id"], 100, 1)
    if part["type"] == BUTTON:
        _at_most("label", part.get("label"), 80)
        _at_most("url", part.get("url"), 512, 1)
        if ("url" in part) != (part["style"] == LINK) or ("custom_id" in part) == ("url" in part):
            raise Refused(400, 50035, style="A button has either a custom id or a url")
        if not part.get("label") and not part.get("emoji"):
            raise Refused(400, 50035, label="A button must have a label or an emoji")
    if part["type"] == SELECT:
        _at_most("options", part["options"], 25, 1)
        _at_most("placeholder", part.get("placeholder"), 150)
        for option in part["options"]:
            _at_most("label", option["label"], 100, 1)
            _at_most("value", option["value"], 100, 1)
            _at_most("description", option.get("description"), 100)


def check_modal(data: Mapping[str, Any]) -> None:
    """Refuse a form that Discord would not show."""
    _at_most("title", data["title"], 45, 1)
    _at_most("custom_id", data["custom_id"], 100, 1)
    _at_most("components", data["components"], 5, 1)
    for part in parts_of(data["components"]):
        if "label" in part:
            _at_most("label", part["label"], 45, 1)
        _at_most("description", part.get("description"), 100)
        if part["type"] == TEXT_INPUT:
            _at_most("placeholder", part.get("placeholder"), 100)
            _at_most("value", part.get("value"), 4000)


def check_choices(choices: Sequence[Mapping[str, Any]]) -> None:
    """Refuse suggestions that Discord would not show."""
    _at_most("choices", choices, 25)
    for choice in choices:
        _at_most("name", choice["name"], 100, 1)
        if isinstance(choice["value"], str):
            _at_most("value", choice["value"], 100, 1)


def check_commands(commands: Sequence[Mapping[str, Any]]) -> None:
    """Refuse commands that Discord would not register."""
    for kind, most in ((1, 100), (2, 15), (3, 15)):
        _at_most("commands", [each for each in commands if each.get("type", 1) == kind], most)
    for command in commands:
        names = [command["name"], *(command.get("name_localizations") or {}).values()]
        for name in names:
            _at_most("name", name, 32, 1)
            if command.get("type", 1) == 1 and (name != name.lower() or not re.fullmatch(r"[-_'\w]{1,32}", name)):
                raise Refused(400, 50035, name=f"Command name is invalid: {name!r}")
        if command.get("type", 1) == 1:
            for said in (command["description"], *(command.get("description_localizations") or {}).values()):
                _at_most("description", said, 100, 1)
        _check_options(command.get("options") or [])


def _check_options(options: Sequence[Mapping[str, Any]]) -> None:
    _at_most("options", options, 25)
    for option in options:
        _at_most("options.name", option["name"], 32, 1)
        for said in (option["description"], *(option.get("description_localizations") or {}).values()):
            _at_most("options.description", said, 100, 1)
        _at_most("options.choices", option.get("choices"), 25)
        _check_options(option.get("options") or [])
