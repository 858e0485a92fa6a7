from base64 import urlsafe_b64decode

import pytest

from bot.platforms.seal import Seal

PLACE = ("midlands.test", "127.0.0.1:2583")
SEAL = Seal("app-password", *PLACE)


def test_what_was_sealed_is_opened_by_a_seal_made_anew():
    assert Seal("app-password", *PLACE).opened(SEAL.closed("a token, “ü”")) == "a token, “ü”"


def test_neither_the_text_nor_the_password_can_be_read():
    sealed = SEAL.closed("the-token")
    for said in ("the-token", "app-password"):
        assert said not in sealed
        assert said.encode() not in urlsafe_b64decode(sealed)
    assert sealed != SEAL.closed("the-token")


@pytest.mark.parametrize(
    "other",
    [
        ("another-password", *PLACE),
        ("app-password", "oxford.test", PLACE[1]),
        ("app-password", PLACE[0], "pds.example.org"),
        ("app-password", "".join(PLACE)),
    ],
)
def test_another_password_account_or_server_opens_nothing(other):
    assert Seal(*other).opened(SEAL.closed("the-token")) is None


@pytest.mark.parametrize("damaged", ["", "x", "the-token", "ünlesbar", "\0"])
def test_what_was_never_sealed_is_not_opened(damaged):
    assert SEAL.opened(damaged) is None


def test_what_was_damaged_is_not_opened():
    sealed = SEAL.closed("the-token")
    for damaged in (sealed[:-5], sealed[1:], sealed.swapcase(), "A" + sealed):
        assert SEAL.opened(damaged) is None
