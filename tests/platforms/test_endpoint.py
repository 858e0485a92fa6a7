import pytest

from bot.errors import ConfigError
from bot.platforms.endpoint import endpoint, host


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("https://api.x.com", "https://api.x.com"),
        ("https://api.x.com/", "https://api.x.com"),
        ("https://proxy.example.org/x/", "https://proxy.example.org/x"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://127.8.8.8", "http://127.8.8.8"),
        ("http://localhost:1", "http://localhost:1"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_https_and_this_machine_are_taken(given: str, taken: str) -> None:
    assert endpoint("X_API_URL", given) == taken


@pytest.mark.parametrize(
    "given",
    [
        "http://api.x.com",
        "http://127.0.0.1.example.org",
        "http://localhost.example.org",
        "http://0.0.0.0:80",
        "http://10.0.0.1",
        "http://[::2]",
    ],
)
def test_plain_http_to_anywhere_else_is_refused(given: str) -> None:
    with pytest.raises(ConfigError, match=r"X_API_URL is .*plain http would show the tokens"):
        endpoint("X_API_URL", given)


@pytest.mark.parametrize(
    "given",
    [
        "",
        "api.x.com",
        "ftp://api.x.com",
        "https://",
        "https://api.x.com:port",
        "https://api.x.com:99999",
        "https://[::1",
        "https://api x.com",
        "https://api.x.com/\n",
        "https://api.x.com?a=b",
        "https://api.x.com#",
    ],
)
def test_what_is_no_plain_address_is_refused(given: str) -> None:
    with pytest.raises(ConfigError, match="X_API_URL"):
        endpoint("X_API_URL", given)


def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(ConfigError) as caught:
        endpoint("X_API_URL", "https://me:hush@api.x.com")

    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("https://api.x.com", "api.x.com"),
        ("https://API.x.com:443/2", "api.x.com"),
        ("http://127.0.0.1:80", "127.0.0.1"),
        ("http://127.0.0.1:8080", "127.0.0.1:8080"),
        ("http://[::1]:8080", "[::1]:8080"),
    ],
)
def test_the_usual_port_is_left_out_of_the_host(url: str, named: str) -> None:
    assert host(url) == named
