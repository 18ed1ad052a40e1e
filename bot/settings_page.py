"""The page of a server's settings: what is in force, and where each value is from. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.markup import plain
from bot.message import COLORS, Rendered
from bot.model import Status
from bot.policy import SETTINGS, Policy, shown
from bot.prompts import Prompts
from bot.wording import language_name

# How many channels, roles or publishers are named of one setting, and characters of a publisher.
MOST_NAMED = 8
LONGEST_NAME = 60

# What stands for an empty list, and what a list of ids is of.
_NONE = {
    "answer_in": "everywhere",
    "auto_answer": "nowhere",
    "roles": "everybody",
    "rebuild_roles": "managers",
    "sources": "all",
}
CHANNELS = frozenset({"answer_in", "auto_answer"})
ROLES = frozenset({"roles", "rebuild_roles"})
CHOICES: Mapping[str, tuple[str, ...]] = {
    "strictness": ("strict", "balanced", "eager"),
    "generate": ("on", "off"),
    "threads": ("follow", "open", "off"),
}


@dataclass(frozen=True, slots=True)
class InForce:
    """One setting in force.

    Attributes:
        value: As it is stored; None if it is as configured elsewhere.
        origin: "default", "guild" or "channel".
    """

    value: object
    origin: str


def in_force(default: Policy, guild: Mapping[str, object], channel: Mapping[str, object] | None) -> dict[str, InForce]:
    """Return what is in force on a server, or in one of its channels.

    Args:
        default: What is where nothing has been set.
        guild: What the server has set.
        channel: What the channel has set; None for the server.
    """
    found = {}
    for key, setting in SETTINGS.items():
        found[key] = InForce(shown(default, key), "default")
        for origin, values in (("guild", guild), ("channel", channel or {})):
            if key in values and (origin == "guild" or setting.by_channel):
                found[key] = InForce(values[key], origin)
    return found


def settings_of(channel: int | None) -> list[str]:
    """Return the names of what can be set, for a server or for one of its channels."""
    return [key for key, setting in SETTINGS.items() if channel is None or setting.by_channel]


def settings_page(
    values: Mapping[str, InForce], channel: int | None, key: str | None, note: str, prompts: Prompts
) -> Rendered:
    """Return the page.

    Args:
        values: See `in_force`.
        channel: The channel whose settings they are; None for the server's.
        key: The one that is being changed, if one is.
        note: What has just been done, or went wrong; may be empty.
        prompts: The bot's texts.
    """
    lines = []
    for name in settings_of(channel):
        one = values[name]
        title = prompts.text(f"settings.{name}")
        origin = prompts.text(f"settings.from_{one.origin}")
        lines.append(f"{'▸ ' if name == key else ''}**{title}**: {in_words(name, one.value, prompts)} ({origin})")
    place = prompts.text("settings.channel", channel=f"<#{channel}>") if channel else prompts.text("settings.server")
    help_text = prompts.text(f"settings.about_{key}") if key else prompts.text("settings.choose")
    return Rendered(
        title=prompts.text("settings.title"),
        description="\n\n".join(part for part in (place, "\n".join(lines), help_text, note) if part),
        color=COLORS[Status.ANSWERED],
    )


def in_words(key: str, value: object, prompts: Prompts) -> str:
    """Return a stored value as Discord Markdown."""
    if value is None:
        return prompts.text("settings.configured")
    if isinstance(value, list):
        if not value:
            return prompts.text(f"settings.{_NONE[key]}")
        written = [_written(key, one) for one in value[:MOST_NAMED]]
        return ", ".join([*written, *(["…"] if len(value) > MOST_NAMED else [])])
    if isinstance(value, bool):
        return choice("generate", "on" if value else "off", prompts)
    if isinstance(value, int):
        return prompts.text("settings.tokens", count=value)
    return choice(key, str(value), prompts)


def choice(key: str, value: str, prompts: Prompts) -> str:
    """Return what one of a few values means, in words."""
    if key == "language":
        return prompts.text("settings.auto") if value == "auto" else plain(language_name(value), LONGEST_NAME)
    return prompts.text(f"settings.{key}_{value}") if value in CHOICES.get(key, ()) else plain(value, LONGEST_NAME)


def _written(key: str, value: object) -> str:
    if key in CHANNELS:
        return f"<#{int(str(value))}>"
    if key in ROLES:
        return f"<@&{int(str(value))}>"
    return plain(str(value), LONGEST_NAME)
