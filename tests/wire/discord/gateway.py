"""The gateway: sessions that outlive their connection, heartbeats, and every way in which it can fail."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMessage, WSMsgType, web

from tests.wire.discord.model import new_id

Json = dict[str, Any]

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1 << 0, 1 << 9, 1 << 12, 1 << 15


@dataclass(eq=False)
class Session:
    """What a bot has identified for; goes on while it is reconnecting.

    Attributes:
        sent: Every event with its number, so that those that were missed can be sent again.
    """

    intents: int
    id: str = field(default_factory=lambda: f"session-{new_id()}")
    sequence: int = 0
    sent: list[tuple[int, str]] = field(default_factory=list)
    connection: Connection | None = None


class Connection:
    """One socket, with its own stream of compression."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket = socket
        self.request = request
        self._compressor = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None
        self._sending = asyncio.Lock()
        self.beat = time.perf_counter()

    async def send(self, text: str) -> None:
        async with self._sending:
            with contextlib.suppress(ConnectionError, RuntimeError):
                if self._compressor is None:
                    await self.socket.send_str(text)
                    return
                packed = self._compressor.compress(text.encode()) + self._compressor.flush(zlib.Z_SYNC_FLUSH)
                await self.socket.send_bytes(packed)

    def cut(self) -> None:
        """End it as a broken network does: without a word."""
        if self.request.transport:
            self.request.transport.abort()


class Gateway:
    """What bots are connected to.

    Attributes:
        interval: Seconds between two heartbeats.
        token: The only one that is let in.
        refuse: How many handshakes are still to fail.
        no_resume: How many attempts to resume are still to be turned down.
        deaf: Heartbeats are not acknowledged, and nothing is sent.
        lose: How many events are still to be lost.
        twice: How many events are still to be sent twice.
        identified: How often a session was begun.
        resumed: How often one was gone on with.
        lateness: Seconds that each heartbeat was late.
        missed: Heartbeats that did not come within twice the interval.
        intents: Those that were asked for last.
    """

    def __init__(
        self, token: str, ready: Callable[[], dict[str, Any]], guilds: Callable[[], list[dict[str, Any]]]
    ) -> None:
        self.interval = 41.25
        self.token = token
        self.refuse = self.no_resume = self.lose = self.twice = 0
        self.deaf = False
        self.connections = self.identified = self.resumed = self.missed = 0
        self.lateness: list[float] = []
        self.intents = 0
        self.sessions: dict[str, Session] = {}
        self.changed = asyncio.Condition()
        self.forbidden_intents = MESSAGE_CONTENT
        self._ready = ready
        self._guilds = guilds

    @property
    def connected(self) -> list[Session]:
        return [session for session in self.sessions.values() if session.connection]

    async def until(self, holds: Callable[[], bool], seconds: float = 15.0) -> None:
        """Wait until something holds of the gateway."""
        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(holds), seconds)

    async def _tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    # What bots do.

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.connections += 1
        if self.refuse > 0:
            self.refuse -= 1
            await self._tell()
            return web.Response(status=503)
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        connection = Connection(socket, request)
        await connection.send(_packet(HELLO, {"heartbeat_interval": int(self.interval * 1000)}))
        watch = asyncio.create_task(self._watch(connection))
        session: Session | None = None
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    session = await self._receive(connection, session, message)
        finally:
            watch.cancel()
            if session and session.connection is connection:
                session.connection = None
            await self._tell()
        return socket

    async def _receive(self, connection: Connection, session: Session | None, message: WSMessage) -> Session | None:
        packet = json.loads(message.data)
        data = packet["d"]
        if packet["op"] == HEARTBEAT:
            connection.beat = time.perf_counter()
            if not self.deaf:
                await connection.send(_packet(ACK, None))
            return session
        if packet["op"] not in {IDENTIFY, RESUME}:
            return session
        if data["token"] != self.token:
            await connection.socket.close(code=4004, message=b"Authentication failed.")
            return None
        if packet["op"] == IDENTIFY:
            return await self._identify(connection, data)
        known = self.sessions.get(data["session_id"])
        if self.no_resume > 0 or known is None:
            self.no_resume = max(0, self.no_resume - 1)
            self.sessions.pop(data["session_id"], None)
            await connection.send(_packet(INVALID, False))
            await self._tell()
            return None
        known.connection = connection
        for sequence, text in list(known.sent):
            if sequence > (data["seq"] or 0):
                await connection.send(text)
        self.resumed += 1
        await self._send(known, "RESUMED", {})
        await self._tell()
        return known

    async def _identify(self, connection: Connection, data: dict[str, Any]) -> Session | None:
        self.intents = data["intents"]
        if self.intents & self.forbidden_intents:
            await connection.socket.close(code=4014, message=b"Disallowed intent(s).")
            return None
        session = Session(self.intents, connection=connection)
        self.sessions[session.id] = session
        self.identified += 1
        guilds = self._guilds()
        unavailable = [{"id": guild["id"], "unavailable": True} for guild in guilds]
        ready = self._ready() | {"session_id": session.id, "guilds": unavailable}
        await self._send(session, "READY", ready)
        for guild in guilds:
            await self._send(session, "GUILD_CREATE", guild)
        await self._tell()
        return session

    async def _watch(self, connection: Connection) -> None:
        """Note how late each heartbeat is; close a connection that has none for two intervals."""
        seen = connection.beat = time.perf_counter()
        noted = True
        while True:
            await asyncio.sleep(min(self.interval / 4, 0.05))
            beat = connection.beat
            if beat != seen:
                # The very first one comes at once.
                if not noted:
                    self.lateness.append(max(0.0, beat - seen - self.interval))
                seen, noted = beat, False
            elif time.perf_counter() - seen > 2 * self.interval:
                self.missed += 1
                await connection.socket.close(code=4009, message=b"Session timed out.")
                return

    # What happens on the server.

    async def dispatch(self, event: str, data: dict[str, Any], needs: int = 0) -> None:
        """Send an event to every session whose intents ask for it; those that are away get it when they resume."""
        for session in list(self.sessions.values()):
            if needs & ~session.intents:
                continue
            if self.lose > 0:
                # The number is spent, as it is when an event is lost between Discord's own machines.
                self.lose -= 1
                session.sequence += 1
                continue
            await self._send(session, event, data)

    async def _send(self, session: Session, event: str, data: dict[str, Any]) -> None:
        session.sequence += 1
        text = _packet(DISPATCH, data, session.sequence, event)
        session.sent.append((session.sequence, text))
        del session.sent[:-500]
        if session.connection and not self.deaf:
            await session.connection.send(text)
            if self.twice > 0 and event not in {"READY", "RESUMED"}:
                self.twice -= 1
                await session.connection.send(text)

    # What goes wrong.

    def cut(self) -> None:
        """Break every connection without a word."""
        for session in self.connected:
            assert session.connection
            session.connection.cut()
            session.connection = None

    async def close(self, code: int) -> None:
        """Close every connection with a code."""
        for session in self.connected:
            assert session.connection
            await session.connection.socket.close(code=code)

    async def ask_to_reconnect(self) -> None:
        """Tell every bot to connect anew, as before maintenance."""
        for session in self.connected:
            assert session.connection
            await session.connection.send(_packet(RECONNECT, None))

    async def invalidate(self, *, resumable: bool) -> None:
        """Tell every bot that its session is no longer valid."""
        for session in self.connected:
            assert session.connection
            if not resumable:
                self.sessions.pop(session.id)
            await session.connection.send(_packet(INVALID, resumable))

    async def ask_for_heartbeat(self) -> None:
        for session in self.connected:
            assert session.connection
            await session.connection.send(_packet(HEARTBEAT, None))

    async def babble(self, text: str) -> None:
        """Send something that is not in the protocol."""
        for session in self.connected:
            assert session.connection
            await session.connection.send(text)

    async def stop(self) -> None:
        await self.close(1001)


def _packet(op: int, data: Any, sequence: int | None = None, event: str | None = None) -> str:
    return json.dumps({"op": op, "d": data, "s": sequence, "t": event})
