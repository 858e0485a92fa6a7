"""The Authorization header of OAuth 1.0a with HMAC-SHA1 (RFC 5849).

Ours because signing with oauthlib costs more than sending the request; oauthlib is the referee in
the tests. Bodies are JSON, which is not signed.
"""

import hmac
from base64 import b64encode
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import quote, urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}


class Signer:
    """Signs requests for one app and one account."""

    def __init__(
        self, *, api_key: str, api_secret: str, access_token: str, access_token_secret: str
    ) -> None:
        self._key = f"{encoded(api_secret)}&{encoded(access_token_secret)}".encode()
        self._api_key = encoded(api_key)
        self._token = encoded(access_token)
        plain = encoded(self._parameters({}, "\n", "\n"))
        self._plain = plain.split(
            encoded("\n")
        )  #: of a request without a query, but nonce and time

    def header(
        self, method: str, url: str, query: Mapping[str, str], *, nonce: str, timestamp: int
    ) -> str:
        """The header for this request; `url` without query or fragment, `query` not yet encoded."""
        at = str(timestamp)
        if query or not (nonce.isalnum() and nonce.isascii()):
            nonce = encoded(nonce)
            parameters = encoded(self._parameters(query, nonce, at))
        else:  # as for every post
            first, then, last = self._plain
            parameters = f"{first}{nonce}{then}{at}{last}"
        base = f"{method.upper()}&{_encoded_base(url)}&{parameters}"
        digest = b64encode(hmac.digest(self._key, base.encode(), "sha1")).decode()
        signature = digest.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
        return (
            f'OAuth oauth_consumer_key="{self._api_key}", oauth_nonce="{nonce}",'
            f' oauth_signature_method="HMAC-SHA1", oauth_timestamp="{at}",'
            f' oauth_token="{self._token}", oauth_version="1.0", oauth_signature="{signature}"'
        )

    def _parameters(self, query: Mapping[str, str], nonce: str, at: str) -> str:
        protocol = [
            ("oauth_consumer_key", self._api_key),
            ("oauth_nonce", nonce),
            ("oauth_signature_method", "HMAC-SHA1"),
            ("oauth_timestamp", at),
            ("oauth_token", self._token),
            ("oauth_version", "1.0"),
        ]
        pairs = [*protocol, *((encoded(k), encoded(v)) for k, v in query.items())]
        return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def encoded(text: str) -> str:
    """Percent-encoded as RFC 5849 section 3.6 wants it: all but letters, digits and -._~."""
    return quote(text, safe="")


def query_string(query: Mapping[str, str]) -> str:
    """The query as it must stand in the address, so that it is read as it was signed."""
    return "&".join(f"{encoded(name)}={encoded(value)}" for name, value in query.items())


@lru_cache(maxsize=64)
def _encoded_base(url: str) -> str:
    return encoded(base_uri(url))


def base_uri(url: str) -> str:
    """RFC 5849 section 3.4.1.2: scheme and host in lower case, a default port left out."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    default = parts.port is None or parts.port == _DEFAULT_PORTS.get(parts.scheme)
    return f"{parts.scheme}://{host}{'' if default else f':{parts.port}'}{parts.path or '/'}"
