"""What people said of posts, heard for every post that is planned."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.core.approving import ask_at, digest, heeding, on_silence, otherwise, spoken_of
from bot.core.consent import Consent, Restated, Words
from bot.core.digests import SERIES
from bot.core.linking import answers
from bot.core.planning import Candidate, Key
from bot.core.programme import Programme
from bot.core.rules import Channel, Schedules
from bot.errors import TemplateError
from bot.services.edition import Edition
from bot.store import decisions, tellings
from bot.store.session import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Hearing:
    """What was said of posts, by key; and what the events were since that some speak of."""

    words: Mapping[str, Words] = field(default_factory=dict)
    restated: Mapping[str, Sequence[Restated]] = field(default_factory=dict)

    def of(self, candidate: Candidate, *names: str) -> Words:
        """What was said of it on a channel, by any name of that; the newest counts."""
        found = [one for name in names if (one := self.words.get(str(candidate.key(name))))]
        if not found:
            return _NOTHING
        answered = max(found, key=lambda one: one.answer.at if one.answer else _NEVER)
        asked = max((one.asked for one in found if one.asked), default=None)
        return answered._replace(asked=asked)


NOBODY = Hearing()
_NOTHING = Words()
_NEVER = datetime.fromisoformat("0001-01-01T00:00:00+00:00")


def read_hearing(connection: Connection, schedules: Schedules) -> Hearing:
    """What the store has of it; of changes to events no more than may take a word back."""
    words = decisions.words(connection)
    if not words or not any(rule.approval for rule in schedules.rules):
        return Hearing(words=words)
    uids = {Key.parse(key).event for key in words}
    restated = tellings.restated(connection, None if SERIES in uids else uids)
    return Hearing(words=words, restated=restated)


def heard_since(connection: Connection, hearing: Hearing, changed: Collection[str]) -> Hearing:
    """The same words, and what these events have become since: few of all that were ever spoken of.

    For as long as nobody said anything more.
    """
    if not hearing.words:
        return hearing
    again = tellings.restated(connection, changed)
    return replace(hearing, restated={**hearing.restated, **again})


def heard(
    candidate: Candidate,
    hearing: Hearing,
    account: str,
    channel: Channel,
    *,
    edition: Edition,
    programme: Programme,
) -> Candidate:
    """The candidate as what people said of it leaves it."""
    if candidate.rule.approval is None and not hearing.words:
        return candidate
    words = hearing.of(candidate, account, channel.name)
    if candidate.rule.approval is None and words is _NOTHING:
        return candidate
    try:
        return heeding(
            candidate,
            words,
            lambda: subject(candidate, channel, edition, programme),
            otherwise(spoken_of(candidate), hearing.restated),
            edition.schedules,
        )
    except TemplateError as error:
        return candidate._replace(barred=f"its text cannot be written: {error}")


def foreseen(candidate: Candidate, now: datetime, schedules: Schedules) -> Candidate:
    """When what nobody was asked about so far goes out, if somebody is as soon as it is time."""
    if candidate.consent is not Consent.UNASKED:
        return candidate
    return on_silence(candidate, max(now, ask_at(candidate)), schedules, Consent.UNASKED)


def subject(candidate: Candidate, channel: Channel, edition: Edition, programme: Programme) -> str:
    """The digest of what is approved: how it reads at its own moment, with links if it has any.

    `candidate`: with the release that its rule gives it. Raises TemplateError.
    """
    linked = any(answers(channel, candidate.rule))
    post = edition.post(candidate, channel, candidate.release, programme, linked=linked)
    return digest(post.text, candidate)
