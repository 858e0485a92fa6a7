"""A channel is its account: other credentials under the same name stop it."""

import pytest

from bot.core.limits import Limits
from bot.errors import ConfigError
from bot.platforms.base import Account
from bot.services.bind import bind
from bot.store import channels, meta
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


def mastodon(limits: Limits | None):
    return Account(platform="mastodon", host="m.example", id="1", limits=limits)


def test_what_a_server_takes_is_kept_and_is_new_at_every_contact(store):
    assert bound(store, "m", mastodon(Limits(text=500))).limits == Limits(text=500)
    assert bound(store, "m", mastodon(Limits(text=900, link=32))).limits.text == 900
    with store.reading() as connection:
        assert channels.limits(connection) == {("m", "mastodon"): Limits(text=900, link=32)}


def test_a_server_that_does_not_say_is_taken_to_take_what_it_took(store):
    bound(store, "m", mastodon(Limits(text=900)))
    assert bound(store, "m", mastodon(None)).limits == Limits(text=900)


def test_only_another_limit_lets_everything_be_planned_anew(store):
    def revision():
        with store.reading() as connection:
            return meta.revision(connection)

    bound(store, "m", mastodon(Limits(text=900)))
    first = revision()
    bound(store, "m", mastodon(Limits(text=900)))
    bound(store, "m", mastodon(None))
    assert revision() == first
    bound(store, "m", mastodon(Limits(text=400)))
    assert revision() == first + 1
