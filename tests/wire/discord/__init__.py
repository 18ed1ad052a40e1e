"""A Discord on this machine: REST and gateway on real sockets, in real time, as well or as badly as a test wants."""

from tests.wire.discord.model import Channel, Guild, Message
from tests.wire.discord.people import Call, Person
from tests.wire.discord.server import Discord

__all__ = ["Call", "Channel", "Discord", "Guild", "Message", "Person"]
