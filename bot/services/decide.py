"""What a person says of a post: hold, approve, skip, try again, or what became of it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from bot.core.planning import Key
from bot.core.states import Cause, State
from bot.errors import BotError, UnknownNameError, nearest
from bot.store import channels, decisions, log, meta, posts
from bot.store.claims import Settlement
from bot.store.decisions import Action, Decision
from bot.store.posts import PostRecord
from bot.store.session import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Who decides, and when."""

    who: str
    now: datetime
    note: str = ""


def find(connection: Connection, text: str) -> tuple[Key, PostRecord | None]:
    """The post of a key as commands print it: with the channel's nickname, or its account."""
    try:
        said = Key.parse(text)
    except ValueError:
        raise UnknownNameError(
            f"'{text}' is not a post: copy its key from `bot posts list` or `bot plan`"
            " (event/post/channel/reference)"
        ) from None
    accounts = [one.account for one in channels.load(connection) if one.nickname == said.channel]
    keys = [said, *(said._replace(channel=account) for account in accounts)]
    rows = posts.of_keys(connection, keys)
    for key in keys:
        if key in rows:
            return key, rows[key]
    return keys[-1], None


def hold(connection: Connection, text: str, person: Person) -> str:
    """Keep a post from going out until it is approved."""
    return _silence(connection, text, person, Action.HOLD)


def skip(connection: Connection, text: str, person: Person) -> str:
    """Never send a post; one that waits for another try is dropped."""
    return _silence(connection, text, person, Action.SKIP)


def approve(connection: Connection, text: str, person: Person, *, about: str = "") -> str:
    """Let a post go out that waits for it, or take back a hold or a skip.

    `about`: the digest of what is approved, where an approval is asked for.
    """
    meta.hold(connection)  # it may be claimed this moment
    key, row = find(connection, text)
    _only_unsent(text, row)
    write_down(connection, key, row, Action.APPROVE, person, about=about)
    return f"{text} may go out."


def retry(connection: Connection, text: str, person: Person) -> str:
    """Let a dropped post be tried again, while its deadline lasts."""
    key, row = find(connection, text)
    if row is None or row.state is not State.DROPPED:
        raise BotError(f"{text} is {_state(row)}: only a post that was dropped can be retried")
    if row.deadline <= person.now:
        raise BotError(
            f"{text} could be sent until {row.deadline:%Y-%m-%d %H:%M %Z}:"
            " it would no longer be true"
        )
    _settle(connection, row, Cause.REVIVED, person, next_try_at=person.now)
    write_down(connection, key, row, Action.RETRY, person)
    return f"{text} is tried again."


def resolve_sent(connection: Connection, text: str, url: str, person: Person) -> str:
    """Say of an unclear post that it is out, and where."""
    key, row = find(connection, text)
    if row is None or row.state is State.SENT:
        raise BotError(f"{text} is {_state(row)}: there is nothing to resolve")
    remote_id = url.rstrip("/").rsplit("/", 1)[-1]
    _settle(connection, row, Cause.SETTLED, person, remote_id=remote_id, remote_url=url)
    write_down(connection, key, row, Action.RESOLVE, person)
    return f"{text} is sent."


def resolve_not_sent(connection: Connection, text: str, person: Person) -> str:
    """Say of an unclear post that it is not out; it is tried again while its deadline lasts."""
    key, row = find(connection, text)
    if row is None or row.state is not State.UNKNOWN:
        raise BotError(f"{text} is {_state(row)}: only an unknown post can be resolved as not sent")
    _settle(connection, row, Cause.REFUSED, person, next_try_at=person.now)
    write_down(connection, key, row, Action.RESOLVE, person)
    lasts = row.deadline > person.now
    return f"{text} was not sent" + (": it is tried again." if lasts else ", and is too late now.")


def _silence(connection: Connection, text: str, person: Person, action: Action) -> str:
    meta.hold(connection)  # it may be claimed this moment
    key, row = find(connection, text)
    _only_unsent(text, row)
    if row is not None and row.state is State.RETRY and action is Action.SKIP:
        _settle(connection, row, Cause.GIVEN_UP, person)
    write_down(connection, key, row, action, person)
    return f"{text} does not go out" + (" until it is approved." if action is Action.HOLD else ".")


def _only_unsent(text: str, row: PostRecord | None) -> None:
    if row is not None and row.state is not State.RETRY:
        hint = " (bot posts resolve)" if row.state is State.UNKNOWN else ""
        raise BotError(f"{text} is {row.state} already{hint}")


def _state(row: PostRecord | None) -> str:
    return "not in the log" if row is None else str(row.state)


def _settle(
    connection: Connection, row: PostRecord, cause: Cause, person: Person, **fields: object
) -> None:
    log.settle(
        connection,
        [
            Settlement(
                post_id=row.id,
                tries=row.tries,
                cause=cause,
                phase="person",
                outcome=cause,
                ended=person.now,
                reason=f"{person.who} said so" + (f": {person.note}" if person.note else ""),
                **fields,  # type: ignore[arg-type]
            )
        ],
    )


def write_down(
    connection: Connection,
    key: Key,
    row: PostRecord | None,
    action: Action,
    person: Person,
    *,
    about: str = "",
) -> None:
    """Keep what was decided; the plan is made anew with it."""
    text = row.text if row is not None else None
    decision = Decision(
        key=str(key),
        action=action,
        who=person.who,
        at=person.now,
        note=person.note,
        text_digest=about or (hashlib.sha256(text.encode()).hexdigest() if text else ""),
    )
    meta.bump(connection)  # first: then decisions are numbered in the order they are seen in
    decisions.record(connection, decision)


def known(connection: Connection, name: str) -> str:
    """A nickname that a channel is bound by; UnknownNameError offers the nearest."""
    names = [one.nickname for one in channels.load(connection) if one.nickname]
    if name not in names:
        raise UnknownNameError(f"no channel '{name}' is bound{nearest(name, names)}")
    return name
