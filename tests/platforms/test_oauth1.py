from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st
from oauthlib.oauth1 import Client
from oauthlib.oauth1.rfc5849.signature import base_string_uri
from oauthlib.oauth1.rfc5849.utils import parse_authorization_header

from bot.platforms.oauth1 import Signer, base_uri, encoded, query_string

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
WORD = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)


@dataclass(frozen=True)
class Asked:
    keys: tuple[str, str, str, str]
    method: str
    origin: str
    path: str
    query: dict[str, str]
    nonce: str
    timestamp: int


REQUESTS = st.builds(
    Asked,
    keys=st.tuples(WORD, WORD, WORD, WORD),
    method=st.sampled_from(["GET", "post", "DELETE"]),
    origin=st.sampled_from(
        ["https://api.x.com", "http://127.0.0.1:8080", "https://API.x.com:443", "http://[::1]:8"]
    ),
    path=st.lists(st.text("abz09-._~% ", min_size=1).map(encoded), max_size=3).map("/".join),
    query=st.dictionaries(WORD.filter(lambda name: not name.startswith("oauth_")), TEXT),
    nonce=WORD | st.text("0123456789abcdef", min_size=1),
    timestamp=st.integers(0, 2**40),
)


@given(REQUESTS)
def test_a_request_is_signed_as_oauthlib_signs_it(asked: Asked) -> None:
    url = f"{asked.origin}/{asked.path}"
    key, secret, token, token_secret = asked.keys
    signer = Signer(
        api_key=key, api_secret=secret, access_token=token, access_token_secret=token_secret
    )
    referee = Client(*asked.keys, nonce=asked.nonce, timestamp=str(asked.timestamp))

    ours = signer.header(
        asked.method, url, asked.query, nonce=asked.nonce, timestamp=asked.timestamp
    )

    address = f"{url}?{query_string(asked.query)}" if asked.query else url
    _, headers, _ = referee.sign(address, asked.method)
    assert fields(ours) == fields(headers["Authorization"])


def fields(header: str) -> dict[str, str]:
    return dict(parse_authorization_header(header))


@given(
    scheme=st.sampled_from(["http", "https"]),
    host=st.sampled_from(["X.com", "api.x.com", "127.0.0.1"]),
    port=st.sampled_from(["", ":80", ":443", ":8080"]),
    path=st.sampled_from(["", "/", "/2/tweets", "/A%20b"]),
)
def test_the_base_uri_is_oauthlib_s(scheme: str, host: str, port: str, path: str) -> None:
    url = f"{scheme}://{host}{port}{path}"

    assert base_uri(url) == base_string_uri(url)


def test_the_secrets_are_not_in_the_header() -> None:
    signer = Signer(
        api_key="key", api_secret="hush-1", access_token="token", access_token_secret="hush-2"
    )

    header = signer.header("GET", "https://api.x.com/2/users/me", {}, nonce="n", timestamp=1)

    assert "hush" not in header
