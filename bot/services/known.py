"""What the store knows, as far as a plan needs it; nothing of it is changed by asking."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.core.model import EventRecord
from bot.core.planning import Key
from bot.core.rules import Schedules
from bot.services.consent import NOBODY, Hearing, read_hearing
from bot.services.memory import NOTHING_TOLD, Memory, changes, remember
from bot.store import channels, events, meta, posts
from bot.store.posts import PostRecord
from bot.store.session import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """The log and what it needs to be read; empty where there is no store yet."""

    accounts: Mapping[str, str] = field(default_factory=dict)  #: nickname to account
    bound_at: Mapping[str, datetime] = field(default_factory=dict)  #: by account
    posts: Mapping[Key, PostRecord] = field(default_factory=dict)
    log_born: datetime | None = None
    rules_seen: Mapping[str, datetime] = field(default_factory=dict)
    hearing: Hearing = NOBODY  #: what people said of posts
    memory: Memory = NOTHING_TOLD  #: see recall()


def read_known(
    connection: Connection,
    schedules: Schedules,
    *,
    local: bool = False,
    uids: Collection[str] | None = None,
) -> Known:
    """Everything the log has of the channels of the file; or of those that post locally instead.

    `uids`: only what it has of these events; a log of years is long.
    """
    by_name = channels.by_nickname(connection)
    wanted = [
        (channel.name, "local" if local else channel.platform)
        for channel in schedules.channels.values()
    ]
    found = {
        name: by_name[name, platform] for name, platform in wanted if (name, platform) in by_name
    }
    accounts = {name: record.account for name, record in found.items()}
    rows = [
        row
        for account in accounts.values()
        for row in (
            posts.of_channel(connection, account)
            if uids is None
            else posts.of_events(connection, account, uids)
        )
    ]
    return Known(
        accounts=accounts,
        bound_at={record.account: record.bound_at for record in found.values()},
        posts={row.key: row for row in rows},
        log_born=meta.known_birth(connection),
        rules_seen=meta.first_seen(connection),
        hearing=read_hearing(connection, schedules),
    )


def recall(
    connection: Connection,
    known: Known,
    records: Sequence[EventRecord],
    schedules: Schedules,
    now: datetime,
) -> Known:
    """With what notices go by, for events as the next sync leaves them: it is their change."""
    stored = {one.event.uid: one.event for one in events.load(connection)}
    pending = changes(stored, records, now)
    memory = remember(
        connection, records, schedules, list(known.accounts.values()), also=pending.keys()
    )
    turns = {uid: (*memory.turns.get(uid, ()), turn) for uid, turn in pending.items()}
    return replace(known, memory=replace(memory, turns={**memory.turns, **turns}))
