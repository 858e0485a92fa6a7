"""The address of a platform, as the environment gives it."""

import ipaddress
from urllib.parse import SplitResult, urlsplit

from bot.errors import ConfigError

_DEFAULT_PORTS = {"http": 80, "https": 443}


def endpoint(name: str, url: str) -> str:
    """The address without its last slash; ConfigError names the setting and what is wrong.

    Tokens travel there, so it is https; plain http only to this machine.
    """
    parts = _split(name, url)
    if parts.username is not None or parts.password is not None:
        raise ConfigError(f"{name} holds a user name or password: leave them out of the address.")
    if parts.query or parts.fragment or "?" in url or "#" in url:
        raise ConfigError(f"{name} is {url!r}: leave out everything from '?' or '#' on.")
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ConfigError(
            f"{name} is {url!r}: plain http would show the tokens to everyone on the way. "
            "Use https; http is only taken for this machine, such as http://127.0.0.1:8080."
        )
    return parts.geturl().rstrip("/")


def host(url: str) -> str:
    """Host of an address, with its port where that is not the usual one of its scheme."""
    parts = urlsplit(url)
    name = parts.hostname or ""
    name = f"[{name}]" if ":" in name else name
    usual = parts.port is None or parts.port == _DEFAULT_PORTS.get(parts.scheme)
    return name if usual else f"{name}:{parts.port}"


def is_loopback(hostname: str) -> bool:
    """True for localhost, 127.0.0.0/8 and ::1, and for no name that only looks like them."""
    if hostname == "localhost":
        return True
    try:
        return ipaddress.ip_address(hostname).is_loopback
    except ValueError:
        return False


def _split(name: str, url: str) -> SplitResult:
    advice = "expected an address such as https://api.example.org."
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError as error:
        raise ConfigError(f"{name} is not an address ({error}): {advice}") from None
    spaced = any(char.isspace() or not char.isprintable() for char in url)
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or spaced:
        raise ConfigError(f"{name} is {url!r}: {advice}")
    return parts
