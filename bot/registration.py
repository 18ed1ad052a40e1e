"""Registers the commands with Discord, and not again while they stay the same: Discord counts how often."""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import discord

if TYPE_CHECKING:
    from discord import app_commands

log = logging.getLogger(__name__)


async def register_commands(
    tree: app_commands.CommandTree[Any],
    translator: app_commands.Translator,
    guild: discord.Object | None = None,
    remembered: Path | None = None,
) -> None:
    """Register the commands if they have changed.

    Args:
        tree: The commands.
        translator: Says them in other languages.
        guild: The one server to register them in at once; everywhere if None.
        remembered: A file that tells which were registered last; they are registered anew if None.
    """
    if guild:
        tree.copy_global_to(guild=guild)
    payload = [await command.get_translated_payload(tree, translator) for command in tree.get_commands(guild=guild)]
    where = [tree.client.application_id, guild.id if guild else None]
    digest = hashlib.sha256(json.dumps([where, payload], sort_keys=True).encode()).hexdigest()
    if digest == _registered_before(remembered):
        return
    try:
        await tree.sync(guild=guild)
    except discord.HTTPException as error:
        # Mentions and direct messages work all the same, and the next start tries again.
        at = f"in server {guild.id} (is the bot a member of it?)" if guild else "everywhere"
        log.warning("The commands could not be registered %s: %s", at, error)
        return
    if remembered:
        _remember(remembered, digest)


def _remember(remembered: Path, digest: str) -> None:
    try:
        remembered.parent.mkdir(parents=True, exist_ok=True)
        remembered.write_text(digest, "utf-8")
    except (OSError, ValueError) as error:
        log.warning("The next start will register the commands again: %s", error)


def _registered_before(remembered: Path | None) -> str | None:
    """Return the digest of the commands that were registered last, if it is known."""
    if remembered is None:
        return None
    try:
        return remembered.read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        log.warning("Which commands are registered cannot be read, so they are registered again: %s", error)
        return None
