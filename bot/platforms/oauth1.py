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

    def header(
        self, method: str, url: str, query: Mapping[str, str], *, nonce: str, timestamp: int
    ) -> str:
        """The header for this request; `url` without query or fragment, `query` not yet encoded."""
        protocol = {
            "oauth_consumer_key": self._api_key,
            "oauth_nonce": encoded(nonce),
            "oauth_signature_method": "HMAC-SHA1",
            "oauth_timestamp": str(timestamp),
            "oauth_token": self._token,
            "oauth_version": "1.0",
        }
        pairs = [*protocol.items(), *((encoded(k), encoded(v)) for k, v in query.items())]
        parameters = "&".join(f"{name}={value}" for name, value in sorted(pairs))
        base = f"{method.upper()}&{encoded(base_uri(url))}&{encoded(parameters)}"
        digest = hmac.digest(self._key, base.encode(), "sha1")
        protocol["oauth_signature"] = encoded(b64encode(digest).decode())
        return "OAuth " + ", ".join(f'{name}="{value}"' for name, value in protocol.items())


def encoded(text: str) -> str:
    """Percent-encoded as RFC 5849 section 3.6 wants it: all but letters, digits and -._~."""
    return quote(text, safe="")


def query_string(query: Mapping[str, str]) -> str:
    """The query as it must stand in the address, so that it is read as it was signed."""
    return "&".join(f"{encoded(name)}={encoded(value)}" for name, value in query.items())


@lru_cache(maxsize=64)
def base_uri(url: str) -> str:
    """RFC 5849 section 3.4.1.2: scheme and host in lower case, a default port left out."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    default = parts.port is None or parts.port == _DEFAULT_PORTS.get(parts.scheme)
    return f"{parts.scheme}://{host}{'' if default else f':{parts.port}'}{parts.path or '/'}"
