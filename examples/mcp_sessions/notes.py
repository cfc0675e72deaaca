"""The tools of the server: the part that is edited while clients use it."""

from __future__ import annotations

from typing import Any

from mcp.server.fastmcp import Context, FastMCP

mcp = FastMCP("notes", stateless_http=True, json_response=True)


def _notes(context: Context[Any, Any, Any]) -> list[str]:
    """Those of the session that asks; ``sessions.py`` has put them into its request."""
    request = context.request_context.request
    return request.scope["state"]["session"].setdefault("notes", [])


@mcp.tool()
def remember(note: str, context: Context[Any, Any, Any]) -> str:
    """Keep a note for this session."""
    notes = _notes(context)
    notes.append(note)
    return f"Note {len(notes)} is kept"


@mcp.tool()
def recall(context: Context[Any, Any, Any]) -> str:
    """All notes of this session."""
    return ", ".join(_notes(context))
