"""The local timeline's file: one JSON object a line, only ever appended to.

A line without its end was never acknowledged: whoever was writing it died, and the next writer cuts
it off. Several processes may append: a lock orders them, and each first reads what others wrote.
"""

import fcntl
import json
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

PICTURES = "pictures"
"""The folder of pictures, beside the file."""

LATEST = 1000
"""How many posts are kept at hand, and shown on the page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LocalPost:
    """One line of the file."""

    id: str
    channel: str
    key: str  #: of the parcel
    text: str
    posted_at: datetime
    picture: str = ""  #: its file in the folder of pictures
    alt: str = ""
    deleted_at: datetime | None = None  #: of the line that says so; the post's own stays


def post_id(channel: str, idempotency_key: str) -> str:
    """The same for the same key for ever, even after the file was deleted."""
    return blake2b(f"{channel}\0{idempotency_key}".encode(), digest_size=8).hexdigest()


class Timeline:
    """The file in a folder. Methods raise OSError, and ValueError for a line that is no post."""

    def __init__(self, folder: Path, *, durable: bool) -> None:
        """`durable`: an acknowledged post survives a power cut (one fsync an `append`)."""
        self.folder = folder
        self.path = folder / "timeline.jsonl"
        self.latest: deque[LocalPost] = deque(maxlen=LATEST)
        self._durable = durable
        self._ids: set[str] = set()
        self._read_to = 0

    def __len__(self) -> int:
        return len(self._ids)

    def append(self, posts: Sequence[LocalPost]) -> None:
        """Add those whose id is not there yet, all in one write."""
        with self._opened() as file:
            unseen = {post.id: post for post in posts if post.id not in self._ids}
            if not unseen:
                return
            file.write(b"".join(map(_line, unseen.values())))
            if self._durable:
                os.fsync(file.fileno())
            self._read_to = file.tell()
            self._keep(unseen.values())

    def delete(self, remote_id: str, at: datetime) -> None:
        """Say of a post that it is shown no longer; one that is not there is left alone."""
        with self._opened() as file:
            file.seek(0)
            post = {each.id: each for each in _posts(file.read())}.get(remote_id)
            if post is None or post.deleted_at is not None:
                return
            file.write(_line(replace(post, deleted_at=at)))
            if self._durable:
                os.fsync(file.fileno())
            self._read_to = file.tell()
            self._keep([replace(post, deleted_at=at)])

    def keep_picture(self, name: str, data: bytes) -> None:
        """Write a picture beside the file, before the post that shows it."""
        path = self.folder / PICTURES / name
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{os.getpid()}-{name}")
        with unfinished.open("wb") as file:
            file.write(data)
            if self._durable:
                os.fsync(file.fileno())
        unfinished.replace(path)
        if self._durable:
            _sync_folder(path.parent)

    def refresh(self) -> None:
        """Read what was written since, by whomever; raises where nothing can be written."""
        with self._opened():
            pass

    def posts(self, channel: str, since: datetime) -> list[LocalPost]:
        """A channel's posts since then, newest first."""
        with self._opened() as file:
            file.seek(0)
            every = {post.id: post for post in _posts(file.read())}.values()
        found = [post for post in every if post.channel == channel and post.posted_at >= since]
        return [post for post in found if post.deleted_at is None][::-1]

    @contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        """The file, locked, with what is new in it read and a torn end cut off."""
        with self._file() as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self._catch_up(file)
            yield file

    def _file(self) -> BinaryIO:
        try:
            return self.path.open("a+b", buffering=0)
        except (FileNotFoundError, NotADirectoryError):
            self.folder.mkdir(parents=True, exist_ok=True)
            return self.path.open("a+b", buffering=0)

    def _catch_up(self, file: BinaryIO) -> None:
        size = file.seek(0, os.SEEK_END)
        if size == 0 and self._durable:
            _sync_folder(self.folder)
        if size < self._read_to:  # somebody began it anew
            self._read_to = 0
            self._ids.clear()
            self.latest.clear()
        file.seek(self._read_to)
        news = file.read()
        whole = news.rfind(b"\n") + 1
        if whole < len(news):
            file.truncate(self._read_to + whole)
        self._keep(_posts(news[:whole]))
        self._read_to += whole
        file.seek(self._read_to)

    def _keep(self, posts: Iterable[LocalPost]) -> None:
        for post in posts:
            self._ids.add(post.id)
            if post.deleted_at is None:
                self.latest.append(post)
            else:
                shown = [one for one in self.latest if one.id != post.id]
                self.latest = deque(shown, maxlen=LATEST)


def _line(post: LocalPost) -> bytes:
    record = {"id": post.id, "channel": post.channel, "key": post.key, "text": post.text}
    record["posted_at"] = post.posted_at.isoformat()
    if post.picture:
        record |= {"picture": post.picture, "alt": post.alt}
    if post.deleted_at is not None:
        record["deleted_at"] = post.deleted_at.isoformat()
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _posts(lines: bytes) -> Iterator[LocalPost]:
    for number, line in enumerate(lines.splitlines(), 1):
        try:
            record = json.loads(line)
            record["posted_at"] = datetime.fromisoformat(record["posted_at"])
            if "deleted_at" in record:
                record["deleted_at"] = datetime.fromisoformat(record["deleted_at"])
            yield LocalPost(**record)
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"line {number} of the timeline is not a post") from error


def _sync_folder(folder: Path) -> None:
    """So that a new file is still there after a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
