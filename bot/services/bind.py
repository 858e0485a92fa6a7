"""Ties a channel's nickname to the account its credentials belong to, at first contact.

From then on the log knows the channel by that account: other credentials under the same nickname
would make every post look unsent, so they stop the channel until a person says that they are meant.
"""

from collections.abc import Collection
from datetime import datetime

from bot.errors import ConfigError
from bot.platforms.base import Account
from bot.store import channels, meta
from bot.store.channels import ChannelRecord
from bot.store.session import Connection


def bind(
    connection: Connection,
    nickname: str,
    account: Account,
    now: datetime,
    *,
    others: Collection[str] = (),
) -> ChannelRecord:
    """The channel's record, made if this is the first contact, with what its server takes now.

    `others`: the other channels of the file. ConfigError where the account changed, or where one
    of the others has it.
    """
    known = channels.by_nickname(connection).get((nickname, account.platform))
    if known is not None and known.account != account.key:
        raise ConfigError(
            f"channel '{nickname}' is bound to {_told(known.handle, known.account)}, but its"
            f" credentials belong to {_told(account.handle, account.key)}: put the right ones into"
            f" the environment, or run `bot channels rebind {nickname}`"
        )
    _refuse_a_second(connection, nickname, account, others)
    heard = account.limits if known is None or known.limits != account.limits else None
    if heard is not None:  # what is planned was measured by the old ones
        meta.bump(connection)  # first, as delivery does: two that wait for each other never end
    if known is None or known.handle != account.handle:
        channels.bind(
            connection,
            nickname=nickname,
            account=account.key,
            platform=account.platform,
            host=account.host,
            account_id=account.id,
            handle=account.handle,
            now=now,
        )
    if heard is not None:
        channels.limit(connection, account.key, heard)
    return channels.by_nickname(connection)[nickname, account.platform]


def _refuse_a_second(
    connection: Connection, nickname: str, account: Account, others: Collection[str]
) -> None:
    by_account = {one.account: one for one in channels.load(connection)}
    other = by_account.get(account.key)
    if other is not None and other.nickname in set(others) - {nickname}:
        raise ConfigError(
            f"channels '{nickname}' and '{other.nickname}' are the same account"
            f" ({_told(account.handle, account.key)}): keep one of them in schedules.yaml"
        )


def _told(handle: str, key: str) -> str:
    return f"@{handle} ({key})" if handle else key
