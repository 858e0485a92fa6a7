"""Reads the bytes of a source: a file below the folder of schedules.yaml, or a URL."""

from pathlib import Path
from urllib.parse import urlsplit

from bot.errors import SourceError

LARGEST = 10 * 1024 * 1024
"""Bytes: a series page is a few kilobytes."""

TIMEOUT = (10.0, 30.0)
"""Seconds to connect, and between two pieces of the answer."""


def is_url(location: str) -> bool:
    return location.startswith(("http://", "https://"))


def fetch(location: str, folder: Path) -> bytes:
    """The bytes; SourceError in one sentence where they cannot be had."""
    return _download(location) if is_url(location) else _open(location, folder)


def _open(location: str, folder: Path) -> bytes:
    path = folder / location
    if not path.resolve().is_relative_to(folder.resolve()):
        raise SourceError(f"{location} leads out of the folder of schedules.yaml")
    return read_file(path, missing="put the file where schedules.yaml says")


def read_file(path: Path, *, missing: str) -> bytes:
    """The bytes of a file; SourceError, with what to do where there is none."""
    try:
        if not path.is_file():
            raise SourceError(f"{path} is not there: {missing}")
        if path.stat().st_size > LARGEST:
            raise SourceError(
                f"{path} is larger than {LARGEST // 1024**2} MB: no list of events is"
            )
        return path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from error


def _download(url: str) -> bytes:
    import requests  # noqa: PLC0415 - only who reads a web address pays for it

    host = urlsplit(url).hostname or url
    try:
        with requests.get(url, timeout=TIMEOUT, stream=True) as response:
            if not response.ok:
                raise SourceError(f"{url} answered {response.status_code} {response.reason}")
            data = b""
            for piece in response.iter_content(64 * 1024):
                data += piece
                if len(data) > LARGEST:
                    raise SourceError(f"{url} is larger than {LARGEST // 1024**2} MB")
            return data
    except requests.RequestException as error:
        raise SourceError(f"{host} cannot be reached ({type(error).__name__}): {url}") from error
