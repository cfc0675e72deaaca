"""Sessions that are data, so that they can be handed over.

The SDK keeps a session in objects and tasks of its process. Here it serves each request for itself
(``stateless_http``), and this gives out the ids, knows them again, and puts what belongs to a
session into the request.
"""

from __future__ import annotations

import uuid
from typing import Any

HEADER = b"mcp-session-id"


class Sessions:
    """Around the application of a server: ``all`` has the data of every session by its id."""

    def __init__(self, app: Any, known: dict[str, dict[str, Any]]) -> None:
        self.all = known
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        session_id = dict(scope["headers"]).get(HEADER, b"").decode()
        method = scope["method"]
        if session_id and session_id not in self.all:
            await _answer(send, 404)  # The client begins a new one.
        elif method == "DELETE":
            self.all.pop(session_id, None)
            await _answer(send, 200)
        elif method == "GET":
            await _answer(send, 405)  # Nothing is sent that was not asked for.
        elif session_id:
            await self._serve(self.all[session_id], scope, receive, send)
        else:
            await self._begin(scope, receive, send)

    async def _begin(self, scope: Any, receive: Any, send: Any) -> None:
        """Without an id it is `initialize`: where that succeeds the session is known from now on."""
        session_id, session = uuid.uuid4().hex, {}

        async def with_id(message: Any) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                self.all[session_id] = session
                message["headers"].append((HEADER, session_id.encode()))
            await send(message)

        await self._serve(session, scope, receive, with_id)

    async def _serve(self, session: dict[str, Any], scope: Any, receive: Any, send: Any) -> None:
        state = {**scope.get("state", {}), "session": session}
        await self._app({**scope, "state": state}, receive, send)


async def _answer(send: Any, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": b""})
