"""A channel is its account: other credentials under the same name stop it."""

import pytest

from bot.errors import ConfigError
from bot.platforms.base import Account
from bot.services.bind import bind
from bot.store import channels
from tests.support.builders import utc

NOW = utc("2021-06-01 00:00")


def account(number="1", platform="x"):
    return Account(platform=platform, host="api.x.com", id=number, handle=f"midlands_{number}")


def bound(store, name, to, others=()):
    with store.writing() as connection:
        return bind(connection, name, to, NOW, others=others)


def test_the_first_contact_binds_and_later_ones_keep_it(store):
    first = bound(store, "x", account())
    assert (first.account, first.bound_at) == ("x:api.x.com:1", NOW)
    assert bound(store, "x", account()) == first


def test_credentials_of_another_account_stop_the_channel_until_it_is_rebound(store):
    bound(store, "x", account("1"))
    with pytest.raises(ConfigError, match=r"@midlands_1 .* belong to @midlands_2 .*rebind x"):
        bound(store, "x", account("2"))
    with store.writing() as connection:
        assert channels.unbind(connection, "x", "x")
    assert bound(store, "x", account("2")).account == "x:api.x.com:2"


def test_two_channels_of_the_file_cannot_be_one_account(store):
    bound(store, "x", account(), others=["x", "x-nhs"])
    with pytest.raises(ConfigError, match="'x-nhs' and 'x' are the same account"):
        bound(store, "x-nhs", account(), others=["x", "x-nhs"])


def test_a_channel_renamed_in_the_file_keeps_its_account_and_its_log(store):
    first = bound(store, "x", account(), others=["x"])
    renamed = bound(store, "twitter", account(), others=["twitter"])
    assert (renamed.account, renamed.bound_at) == (first.account, first.bound_at)


def test_posting_locally_under_the_same_name_is_another_channel(store):
    bound(store, "x", account())
    local = Account(platform="local", host="", id="x")
    assert bound(store, "x", local).account == "local::x"
    assert bound(store, "x", account()).account == "x:api.x.com:1"


def test_a_changed_handle_is_the_same_account(store):
    bound(store, "x", account())
    renamed = Account(platform="x", host="api.x.com", id="1", handle="midlands_health")
    assert bound(store, "x", renamed).handle == "midlands_health"
