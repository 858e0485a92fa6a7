"""A Mastodon server as its documentation has it, as a handler for a wire server."""

import html
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from tests.support.wire import Answer, Request, as_json

TOKEN = "a-secret-token"
_LIMIT = 500


@dataclass
class MastodonApi:
    """One account; statuses newest first; an Idempotency-Key is honoured."""

    statuses: list[dict[str, Any]] = field(default_factory=list)
    _keys: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def texts(self) -> list[str]:
        return [status["said"] for status in self.statuses]

    def __call__(self, request: Request) -> Answer:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return as_json(401, {"error": "The access token is invalid"})
        match request.method, request.path:
            case "GET", "/api/v1/accounts/verify_credentials":
                return as_json(200, {"id": "7", "username": "midlands", "acct": "midlands"})
            case "GET", "/api/v1/accounts/7/statuses":
                return as_json(200, self._page(request.query))
            case "POST", "/api/v1/statuses":
                return self._post(request)
        return as_json(404, {"error": "Record not found"})

    def _post(self, request: Request) -> Answer:
        given = {name: found[0] for name, found in parse_qs(request.body.decode()).items()}
        key = request.headers.get("idempotency-key", "")
        if key in self._keys:
            return as_json(200, self._keys[key])
        if len(given["status"]) > _LIMIT:
            why = "Validation failed: Text character limit of 500 exceeded"
            return as_json(422, {"error": why})
        number = str(1000 + len(self.statuses))
        status = {
            "id": number,
            "created_at": datetime.now(UTC).isoformat(),
            "content": _rendered(given["status"]),
            "url": f"https://mastodon.example/@midlands/{number}",
            "visibility": given.get("visibility", "public"),
            "said": given["status"],
            "mentions": [],
        }
        if key:
            self._keys[key] = status
        self.statuses.insert(0, status)
        return as_json(200, status)

    def _page(self, query: dict[str, str]) -> list[dict[str, Any]]:
        older = [one for one in self.statuses if int(one["id"]) < int(query.get("max_id", 10**9))]
        return older[: int(query.get("limit", 20))]


def _rendered(text: str) -> str:
    escaped = html.escape(text)
    linked = re.sub(r"(https://)(\S+)", r'<a href="\1\2"><span>\1</span><b>\2</b></a>', escaped)
    paragraphs = [part.replace("\n", "<br />") for part in linked.split("\n\n")]
    return "".join(f"<p>{part}</p>" for part in paragraphs)
