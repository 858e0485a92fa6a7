"""What needs a person now, derived from the log each time it is asked.

So nothing is forgotten or told twice: an alert is raised when its condition appears, and cleared
when it is gone.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from bot.core.approving import UNAPPROVED
from bot.core.planning import Key
from bot.core.states import State
from bot.store import channels, decisions, meta, posts
from bot.store.decisions import Decision
from bot.store.posts import PostRecord
from bot.store.session import Connection

REMEMBERED = timedelta(days=7)
"""How long a post that was not sent stays a condition; nothing has to be done about it."""

LOSSES = ("missed", "its text cannot be written", UNAPPROVED)
"""Reasons a person is told of; what limits and quiet hours do, `bot plan` foretold."""

FINAL = ("missed:", "ask:")
"""Subjects that are never followed by an all-clear: what is over stays over."""


def conditions(connection: Connection, now: datetime, files: Mapping[str, str]) -> dict[str, str]:
    """Subject to text; `files`: what is wrong with the organiser's files, sources and channels."""
    names = channels.nicknames(channels.load(connection))
    found = dict(files)
    for row in posts.needing_person(connection):
        found[f"post:{row.id}"] = _needs_person(row, names)
    for row in posts.dropped_since(connection, now - REMEMBERED):
        if not row.needs_person and row.reason.startswith(LOSSES):
            found[f"missed:{row.id}"] = f"Not sent: {_called(row, names)}. {_why(row)}."
    for one in open_questions(connection, now):
        found[_subject(one)] = one.note
    for channel in channels.load(connection):
        if channel.paused_until is not None:
            why = channel.paused_why.rstrip(".")
            found[f"channel:{channel.account}"] = (
                f"Channel '{names[channel.account]}' is paused: {why}. Posts wait until their"
                " deadline; `bot doctor` tells what is wrong with the account."
            )
    return found


def open_questions(connection: Connection, now: datetime) -> list[Decision]:
    """What people are asked about posts that are still to go out."""
    asked = decisions.questions(connection, now)
    rows = posts.of_keys(connection, [Key.parse(one.key) for one in asked])
    out = {str(key) for key, row in rows.items() if row.state is not State.RETRY}
    return [one for one in asked if one.key not in out]


def heard(connection: Connection, subjects: Collection[str], now: datetime) -> None:
    """Note of the questions among these alerts that people were told of them, once."""
    words = decisions.words(connection)
    told = [
        one
        for one in open_questions(connection, now)
        if _subject(one) in subjects
        and ((asked := words[one.key].asked) is None or asked.at < one.at)
    ]
    if told:
        meta.bump(connection)  # from now on the time runs after which they go out
        decisions.asked(connection, told, now)


def _subject(question: Decision) -> str:
    return f"ask:{question.id}"


def _needs_person(row: PostRecord, names: Mapping[str, str]) -> str:
    key = row.key._replace(channel=names.get(row.key.channel, row.key.channel))
    if row.state is State.UNKNOWN:
        return (
            f"Nobody knows whether this was posted: {_called(row, names)} ({_why(row)}). Look at"
            f" the account, then: bot posts resolve {key} sent --url URL, or not-sent."
        )
    return (
        f"This was refused and needs you: {_called(row, names)} ({_why(row)})."
        f" See: bot posts show {key}"
    )


def _called(row: PostRecord, names: Mapping[str, str]) -> str:
    return f"{row.key.rule} of {row.key.event} on {names.get(row.key.channel, row.key.channel)}"


def _why(row: PostRecord) -> str:
    """The reason as part of a sentence."""
    return row.reason.rstrip(".")
