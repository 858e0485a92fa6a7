"""A Mastodon server as its documentation has it, as a handler for a wire server."""

import html
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qs

from tests.support.wire import Answer, Request, as_json

TOKEN = "a-secret-token"
CONFIGURATION: dict[str, dict[str, Any]] = {
    "statuses": {"max_characters": 500, "characters_reserved_per_url": 23},
    "media_attachments": {
        "supported_mime_types": ["image/png", "image/jpeg"],
        "description_limit": 1500,
        "image_size_limit": 16_777_216,
    },
}


@dataclass
class MastodonApi:
    """One account; statuses newest first; an Idempotency-Key is honoured."""

    statuses: list[dict[str, Any]] = field(default_factory=list)
    pictures: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)  #: of the pictures, by their ids
    names: dict[str, str] = field(default_factory=dict)  #: they were uploaded under
    busy: int = 0  #: how often a picture is not ready yet
    version: int = 4
    said: dict[str, Any] = field(default_factory=lambda: CONFIGURATION)  #: the configuration
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
        return self._instance(request) or self._picture(request)

    def _instance(self, request: Request) -> Answer | None:
        told = as_json(200, {"domain": "mastodon.example", "configuration": self.said})
        ages = {"/api/v1/instance": 1, "/api/v2/instance": 4}  # the version each came with
        since = ages.get(request.path.rstrip("/"))
        return told if since is not None and since <= self.version else None

    def _picture(self, request: Request) -> Answer:
        match request.method, request.path:
            case "POST", "/api/v2/media":
                return self._keep(request)
            case "GET", path if path.startswith("/api/v1/media/"):
                return self._look_at(path.rpartition("/")[2])
        return as_json(404, {"error": "Record not found"})

    def _post(self, request: Request) -> Answer:
        given = {name: found[0] for name, found in parse_qs(request.body.decode()).items()}
        key = request.headers.get("idempotency-key", "")
        if key in self._keys:
            return as_json(200, self._keys[key])
        if given.get("in_reply_to_id", "") not in {"", *(one["id"] for one in self.statuses)}:
            why = "The post you are trying to reply to does not appear to exist."
            return as_json(404, {"error": why})
        most = self.said["statuses"]["max_characters"]
        if len(given["status"]) > most:
            why = f"Validation failed: Text character limit of {most} exceeded"
            return as_json(422, {"error": why})
        number = str(1000 + len(self.statuses))
        status = {
            "id": number,
            "created_at": datetime.now(UTC).isoformat(),
            "content": _rendered(given["status"]),
            "url": f"https://mastodon.example/@midlands/{number}",
            "visibility": given.get("visibility", "public"),
            "said": given["status"],
            "in_reply_to_id": given.get("in_reply_to_id"),
            "language": given.get("language"),
            "spoiler_text": given.get("spoiler_text", ""),
            "media_attachments": [self.pictures[one] for one in _several(request, "media_ids[]")],
            "mentions": [],
        }
        if key:
            self._keys[key] = status
        self.statuses.insert(0, status)
        return as_json(200, status)

    def _keep(self, request: Request) -> Answer:
        head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
        form: Any = BytesParser(policy=HTTP).parsebytes(head + request.body)
        parts = {part["content-disposition"].params["name"]: part for part in form.iter_parts()}
        number = str(len(self.pictures) + 1)
        self.files[number] = parts["file"].get_payload(decode=True)
        self.names[number] = parts["file"].get_filename()
        self.pictures[number] = {
            "id": number,
            "type": parts["file"].get_content_type(),
            "description": parts["description"].get_payload(decode=True).decode(),
        }
        return self._look_at(number, working=202)

    def _look_at(self, number: str, *, working: int = 206) -> Answer:
        if self.busy:
            self.busy -= 1
            return as_json(working, {"id": number, "url": None})
        return as_json(200, {"id": number, "url": "https://mastodon.example/card.png"})

    def _page(self, query: dict[str, str]) -> list[dict[str, Any]]:
        older = [one for one in self.statuses if int(one["id"]) < int(query.get("max_id", 10**9))]
        return older[: int(query.get("limit", 20))]


def _several(request: Request, name: str) -> list[str]:
    return parse_qs(request.body.decode()).get(name, [])


def _rendered(text: str) -> str:
    escaped = html.escape(text)
    linked = re.sub(r"(https://)(\S+)", r'<a href="\1\2"><span>\1</span><b>\2</b></a>', escaped)
    paragraphs = [part.replace("\n", "<br />") for part in linked.split("\n\n")]
    return "".join(f"<p>{part}</p>" for part in paragraphs)
