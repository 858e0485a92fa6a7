"""X as far as a publisher sees it: accounts, posts, signatures. No sockets, no faults."""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from urllib.parse import unquote

from oauthlib.oauth1.rfc5849 import signature
from oauthlib.oauth1.rfc5849.utils import parse_authorization_header

from tests.support.wire import Answer, Request, as_json
from tests.support.x_faults import DUPLICATE

_EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)  # of X's ids


def _placed(url: Mapping[str, str], text: str) -> dict[str, object]:
    start = text.index(url["url"])
    return {**url, "start": start, "end": start + len(url["url"])}


_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")
_KNOWN_FIELDS = frozenset({"text", "media", "reply", "quote_tweet_id", "poll", "reply_settings"})


@dataclass(frozen=True, kw_only=True, slots=True)
class User:
    id: str
    username: str
    api_key: str
    api_secret: str
    access_token: str
    access_token_secret: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    id: str
    user: str
    text: str
    created_at: datetime
    media: tuple[str, ...] = ()  #: ids of its pictures
    reply_to: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    user: str
    media_type: str
    data: bytes
    alt: str = ""


def users(count: int) -> tuple[User, ...]:
    """Accounts with secrets that need percent-encoding."""
    return tuple(
        User(
            id=str(1_000_000 + number),
            username=f"midlands_{number}",
            api_key="app-key",
            api_secret="app+secret/==",
            access_token=f"{1_000_000 + number}-token",
            access_token_secret=f"token secret&{number}",
        )
        for number in range(1, count + 1)
    )


class XApi:
    """What it has written stays written, whatever becomes of the answer."""

    def __init__(
        self, accounts: Sequence[User], *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.users = tuple(accounts)
        self.duplicates_refused = True
        self.signatures_checked = True
        self.lag = 0.0  #: seconds until a post shows up in its timeline
        self.posts: list[Post] = []
        self.pictures: dict[str, Picture] = {}
        self.replies_refused = False
        self.access_level = "read-write"
        self._now = now
        self._texts: set[tuple[str, str]] = set()
        self._short: dict[str, str] = {}
        self._last_id = 0

    def user_of(self, request: Request) -> User | None:
        """Who signed it, if the signature is right: oauthlib decides."""
        header = request.headers.get("authorization", "")
        try:
            fields = {name: unquote(value) for name, value in parse_authorization_header(header)}
        except ValueError:
            return None
        for user in self.users:
            token = (fields.get("oauth_token"), fields.get("oauth_consumer_key"))
            if token == (user.access_token, user.api_key):
                signed = not self.signatures_checked or _is_signed(request, header, fields, user)
                return user if signed else None
        return None

    def answer(self, request: Request, user: User | None) -> Answer:
        if user is None:
            return _problem(401, "Unauthorized")
        match request.method, request.path.split("/")[1:]:
            case "POST", ["2", "tweets"]:
                answer = self._create(request, user)
            case "GET", ["2", "users", "me"]:
                names = {"id": user.id, "name": user.username, "username": user.username}
                answer = as_json(200, {"data": names}, x_access_level=self.access_level)
            case "GET", ["2", "users", number, "tweets"]:
                answer = self._timeline(number, request.query)
            case "DELETE", ["2", "tweets", number]:
                answer = self._delete(number, user)
            case "POST", ["2", "media", "upload"]:
                answer = self._upload(request, user)
            case "POST", ["2", "media", "metadata"]:
                answer = self._describe(request, user)
            case _:
                answer = _problem(404, "Not Found")
        return answer

    def _create(self, request: Request, user: User) -> Answer:
        try:
            body = request.json()
        except ValueError:
            return _problem(400, "Invalid Request")
        fields = body if isinstance(body, dict) and body.keys() <= _KNOWN_FIELDS else {}
        text = fields.get("text")
        if not isinstance(text, str) or not text.strip():
            return _problem(400, "Invalid Request")
        if self.duplicates_refused and (user.id, text) in self._texts:
            return Answer(status=403, body=DUPLICATE.encode())
        media = tuple((fields.get("media") or {}).get("media_ids", ()))
        if any(one not in self.pictures or self.pictures[one].user != user.id for one in media):
            return _problem(400, "Invalid Request", "Your media IDs are invalid.")
        reply_to = (fields.get("reply") or {}).get("in_reply_to_tweet_id")
        if reply_to and (self.replies_refused or reply_to not in [one.id for one in self.posts]):
            return _problem(403, "Forbidden", "You are not permitted to answer this post.")
        post = Post(
            id=self._next_id(),
            user=user.id,
            text=text,
            created_at=self._now(),
            media=media,
            reply_to=reply_to,
        )
        self.posts.append(post)
        self._texts.add((user.id, text))
        return as_json(201, {"data": {"id": post.id, "text": text, "edit_history_tweet_ids": []}})

    def _delete(self, number: str, user: User) -> Answer:
        found = [post for post in self.posts if (post.id, post.user) == (number, user.id)]
        if not found:
            return as_json(404, {"type": "https://api.x.com/2/problems/resource-not-found"})
        self.posts.remove(found[0])
        return as_json(200, {"data": {"deleted": True}})

    def _upload(self, request: Request, user: User) -> Answer:
        parts = multipart(request)
        if parts.keys() != {"media", "media_category"}:
            return _problem(400, "Invalid Request")
        media_type, data = parts["media"]
        if parts["media_category"][1] != b"tweet_image" or not data:
            return _problem(400, "Invalid Request", "The media category is none.")
        if len(data) > 5_000_000:
            return Answer(status=413)
        media_id = self._next_id()
        self.pictures[media_id] = Picture(user=user.id, media_type=media_type, data=data)
        told = {"id": media_id, "media_key": f"3_{media_id}", "size": len(data)}
        return as_json(200, {"data": {**told, "expires_after_secs": 86400}})

    def _describe(self, request: Request, user: User) -> Answer:
        match request.json():
            case {"id": str(media_id), "metadata": {"alt_text": {"text": str(alt)}}} if (
                media_id in self.pictures and len(alt) <= 1000
            ):
                if self.pictures[media_id].user == user.id:
                    self.pictures[media_id] = replace(self.pictures[media_id], alt=alt)
                    return as_json(200, {"data": {"id": media_id}})
        return _problem(400, "Invalid Request")

    def _next_id(self) -> str:
        """Grows with time, and within a millisecond (a "snowflake")."""
        milliseconds = (self._now() - _EPOCH) // timedelta(milliseconds=1)
        self._last_id = max(self._last_id + 1, milliseconds << 22)
        return str(self._last_id)

    def _timeline(self, user: str, query: Mapping[str, str]) -> Answer:
        size = int(query.get("max_results", "10"))
        if not 5 <= size <= 100:
            return _problem(400, "Invalid Request")
        start = datetime.fromisoformat(query.get("start_time", _EPOCH.isoformat()))
        shown = self._now() - timedelta(seconds=self.lag)
        posts = [p for p in self.posts if p.user == user and start <= p.created_at <= shown]
        first = int(query.get("pagination_token", "0"))
        page = posts[::-1][first : first + size]
        meta: dict[str, object] = {"result_count": len(page)}
        if first + size < len(posts):
            meta["next_token"] = str(first + size)
        fields = query.get("tweet.fields", "").split(",")
        listed = [self._shown(post, fields) for post in page]
        return as_json(200, {"meta": meta} | ({"data": listed} if listed else {}))

    def _shown(self, post: Post, fields: Sequence[str]) -> dict[str, object]:
        """With its links shortened and its markup escaped, as X shows it."""
        urls = [
            {"url": self._shortened(found[0]), "expanded_url": found[0]}
            for found in _LINK.finditer(post.text)
        ]
        text = html.escape(post.text, quote=False)
        for url in urls:
            text = text.replace(html.escape(url["expanded_url"], quote=False), url["url"], 1)
        for media_id in post.media:
            shown_at = f"https://x.com/{post.user}/status/{post.id}/photo/1"
            short = self._shortened(shown_at)
            text += f" {short}"
            urls.append({"url": short, "expanded_url": shown_at, "media_key": f"3_{media_id}"})
        shown: dict[str, object] = {"id": post.id, "text": text}
        if "created_at" in fields:
            shown["created_at"] = post.created_at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        if "entities" in fields and urls:
            shown["entities"] = {"urls": [_placed(url, text) for url in urls]}
        return shown

    def _shortened(self, link: str) -> str:
        return self._short.setdefault(link, f"https://t.co/{len(self._short):x}")


def _is_signed(request: Request, header: str, fields: Mapping[str, str], user: User) -> bool:
    signed = SimpleNamespace(
        http_method=request.method,
        uri=request.url.partition("?")[0],
        params=signature.collect_parameters(
            uri_query=request.url.partition("?")[2], headers={"Authorization": header}
        ),
        signature=fields.get("oauth_signature", ""),
    )
    verified = signature.verify_hmac_sha1(signed, user.api_secret, user.access_token_secret)
    return bool(verified)


def multipart(request: Request) -> dict[str, tuple[str, bytes]]:
    """The parts of a form by name: their type, and their bytes; none where it is no such form."""
    kind, _, boundary = request.headers.get("content-type", "").partition("; boundary=")
    found: dict[str, tuple[str, bytes]] = {}
    if kind != "multipart/form-data":
        return found
    for part in request.body.split(f"--{boundary}".encode())[1:-1]:
        head, _, data = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        headers = head.decode()
        name = re.search(r'\bname="([^"]*)"', headers)
        media_type = re.search(r"^content-type: (.*?)\r?$", headers, re.IGNORECASE | re.MULTILINE)
        assert name is not None
        found[name[1]] = (media_type[1] if media_type else "", data.removesuffix(b"\r\n"))
    return found


def _problem(status: int, title: str, detail: str = "") -> Answer:
    return as_json(
        status, {"title": title, "detail": detail or title, "type": "about:blank", "status": status}
    )
