"""Accounts the channels are bound to, and which worker serves each: the lease."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, or_, select, update

from bot.core.breaking import Breaker
from bot.core.limits import Limits, limits_of
from bot.store.asking import Question
from bot.store.tables import channels
from bot.store.upserting import insert


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelRecord:
    """One account, as the store knows it."""

    account: str  #: platform:host:account id, what the log calls the channel
    nickname: str | None
    platform: str
    host: str
    account_id: str
    handle: str
    bound_at: datetime
    lease_holder: str | None
    lease_until: datetime | None
    swept_until: datetime  #: up to here every deadline was looked at
    failures: int
    paused_until: datetime | None
    paused_why: str
    limits: Limits

    @property
    def breaker(self) -> Breaker:
        return Breaker(failures=self.failures, paused_until=self.paused_until, why=self.paused_why)


def load(connection: Connection) -> list[ChannelRecord]:
    return [_record(row) for row in _ALL.asked(connection)]


_ALL = Question(select(channels).order_by(channels.c.account))


def standing(connection: Connection, account: str) -> tuple[Breaker, datetime]:
    """How an account fares, and up to when every deadline on it was looked at."""
    [found] = [one for one in load(connection) if one.account == account]
    return found.breaker, found.swept_until


def by_nickname(connection: Connection) -> dict[tuple[str, str], ChannelRecord]:
    """The account each channel is bound to, by nickname and platform."""
    found = load(connection)
    return {(one.nickname, one.platform): one for one in found if one.nickname}


def bind(
    connection: Connection,
    *,
    nickname: str,
    account: str,
    platform: str,
    host: str,
    account_id: str,
    handle: str,
    now: datetime,
) -> None:
    """Give an account a nickname; another account of that platform and name loses it."""
    unbind(connection, nickname, platform)
    statement = insert(connection, channels).values(
        account=account,
        nickname=nickname,
        platform=platform,
        host=host,
        account_id=account_id,
        handle=handle,
        bound_at=now,
        swept_until=now,
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["account"], set_={"nickname": nickname, "handle": handle}
        )
    )


def unbind(connection: Connection, nickname: str, platform: str) -> bool:
    """Forget which account a channel is bound to; its next contact binds it anew."""
    done = connection.execute(
        update(channels)
        .where(channels.c.nickname == nickname, channels.c.platform == platform)
        .values(nickname=None)
    )
    return done.rowcount > 0


def take_lease(
    connection: Connection, account: str, worker: str, now: datetime, until: datetime
) -> bool:
    """Become, or remain, the one worker that serves a channel; False while another one is."""
    mine_or_free = or_(
        channels.c.lease_holder.is_(None),
        channels.c.lease_holder == worker,
        channels.c.lease_until <= now,
        channels.c.lease_until > until + (until - now),  # left by a clock that was set back since
    )
    taken = connection.execute(
        update(channels)
        .where(channels.c.account == account, mine_or_free)
        .values(lease_holder=worker, lease_until=until)
    )
    return taken.rowcount == 1


def release_lease(connection: Connection, account: str, worker: str) -> None:
    connection.execute(
        update(channels)
        .where(channels.c.account == account, channels.c.lease_holder == worker)
        .values(lease_holder=None, lease_until=None)
    )


def swept(connection: Connection, account: str, until: datetime) -> None:
    connection.execute(
        update(channels).where(channels.c.account == account).values(swept_until=until)
    )


def pause(connection: Connection, account: str, breaker: Breaker) -> None:
    """Write down how many failures there were in a row, and until when nothing is tried."""
    connection.execute(
        update(channels)
        .where(channels.c.account == account)
        .values(
            failures=breaker.failures, paused_until=breaker.paused_until, paused_why=breaker.why
        )
    )


def limits(connection: Connection) -> dict[tuple[str, str], Limits]:
    """What the server of each channel takes, by nickname and platform."""
    found = _LIMITS.asked(connection)
    return {(one.nickname, one.platform): limits_of(one.limits) for one in found if one.nickname}


_LIMITS = Question(select(channels.c.nickname, channels.c.platform, channels.c.limits))


def limit(connection: Connection, account: str, found: Limits) -> None:
    """Write down what an account's server takes."""
    connection.execute(
        update(channels).where(channels.c.account == account).values(limits=found.plain())
    )


def session(connection: Connection, nickname: str, platform: str) -> str:
    """The sealed session of the account a channel is bound to; empty where there is none."""
    row = connection.execute(
        select(channels.c.session).where(
            channels.c.nickname == nickname, channels.c.platform == platform
        )
    )
    return row.scalar() or ""


def keep_session(connection: Connection, nickname: str, platform: str, sealed: str) -> bool:
    """Keep a sealed session; False where the channel is not bound to an account yet."""
    done = connection.execute(
        update(channels)
        .where(channels.c.nickname == nickname, channels.c.platform == platform)
        .values(session=sealed)
    )
    return done.rowcount > 0


def nicknames(records: Iterable[ChannelRecord]) -> dict[str, str]:
    """What people call each account; one without a nickname is called by its key."""
    return {record.account: record.nickname or record.account for record in records}


def _record(row: Row[Any]) -> ChannelRecord:
    return ChannelRecord(
        account=row.account,
        nickname=row.nickname,
        platform=row.platform,
        host=row.host,
        account_id=row.account_id,
        handle=row.handle,
        bound_at=row.bound_at,
        lease_holder=row.lease_holder,
        lease_until=row.lease_until,
        swept_until=row.swept_until,
        failures=row.failures,
        paused_until=row.paused_until,
        paused_why=row.paused_why,
        limits=limits_of(row.limits),
    )
