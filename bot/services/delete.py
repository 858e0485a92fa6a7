"""Takes a post that is out down. Its row stays sent: nothing goes out under its key again."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.planning import Key
from bot.core.rules import Schedules
from bot.core.states import Cause, State
from bot.errors import BotError
from bot.platforms.base import Answer, Outcome, Publisher, RefusedError
from bot.services.decide import Person, find, write_down
from bot.store import channels, decisions, log
from bot.store.claims import Settlement
from bot.store.decisions import Action
from bot.store.posts import PostRecord
from bot.store.session import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Deletion:
    """A post that can be deleted, and with which channel."""

    key: Key
    row: PostRecord
    channel: str
    local: bool  #: whether it was posted to the timeline on this machine

    @property
    def where(self) -> str:
        return self.row.remote_url or f"{self.key.channel} {self.row.remote_id}"


def deletable(connection: Connection, text: str, schedules: Schedules) -> Deletion:
    """The post of a key; BotError says why it cannot be deleted."""
    key, row = find(connection, text)
    if row is None or row.state is not State.SENT or not row.remote_id:
        state = "not in the log" if row is None else str(row.state)
        raise BotError(f"{text} is {state}: only a post that was sent can be deleted{_hint(row)}")
    for one in decisions.history(connection, str(key)):
        if one.action is Action.DELETE:
            raise BotError(f"{text} was deleted by {one.who} on {one.at:%Y-%m-%d at %H:%M %Z}")
    for record in channels.load(connection):
        channel = schedules.channels.get(record.nickname or "")
        if record.account == key.channel and channel is not None:
            local = record.platform == "local"
            if local or record.platform == channel.platform:
                return Deletion(key=key, row=row, channel=channel.name, local=local)
    where = f" by hand: {row.remote_url}" if row.remote_url else " by hand"
    raise BotError(
        f"{text} was posted with {key.channel}, which no channel of schedules.yaml is bound to:"
        f" put that channel back, or delete the post{where}"
    )


async def delete(publisher: Publisher, deletion: Deletion) -> Outcome:
    """Ask the platform to. BotError where the credentials are another account's."""
    try:
        account = await publisher.account()
        if account.key != deletion.key.channel:
            raise BotError(
                f"the credentials of channel '{deletion.channel}' belong to {account.key}, and the"
                f" post to {deletion.key.channel}: nothing was deleted"
            )
        return await publisher.delete(deletion.row.remote_id or "")
    except RefusedError as refused:
        raise BotError(f"nothing was deleted: {refused}") from None
    finally:
        await publisher.close()


def note(
    connection: Connection, deletion: Deletion, outcome: Outcome, person: Person, ended: datetime
) -> bool:
    """Write down what came of it; whether the post is gone."""
    gone = outcome.answer is Answer.SENT
    why = f": {person.note}" if person.note else ""
    said = f"deleted by {person.who} on {ended:%Y-%m-%d at %H:%M %Z}{why}"
    settlement = Settlement(
        post_id=deletion.row.id,
        tries=deletion.row.tries,
        cause=Cause.SETTLED,
        phase=outcome.phase,
        outcome="deleted" if gone else outcome.answer,
        started=person.now,
        ended=ended,
        http_status=outcome.http_status,
        remote_id=deletion.row.remote_id,
        reason=said if gone else outcome.error,
    )
    log.taken_down(connection, settlement, gone=gone)
    if gone:
        write_down(connection, deletion.key, deletion.row, Action.DELETE, person)
    return gone


def _hint(row: PostRecord | None) -> str:
    if row is None:
        return ""
    hints = {
        State.UNKNOWN: " (first say whether it is out: bot posts resolve)",
        State.RETRY: " (bot posts skip keeps it from going out)",
    }
    return hints.get(row.state, "")
