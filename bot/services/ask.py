"""Asks people about posts that need their word, with the exact text and what to answer.

What is to be asked is written down where the channel is served (action `ask`), once for each text;
that somebody heard it, by whoever told them (action `asked`). Only from then on does the time run
after which a post goes out unless it was stopped.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from bot.core.agenda import HORIZON
from bot.core.approving import AWAITED, ask_at, lead, on_silence, otherwise, spoken_of
from bot.core.asking import question
from bot.core.consent import Consent
from bot.core.linking import carriers
from bot.core.planning import Candidate, Key
from bot.core.rules import Channel, Links, Schedules
from bot.core.states import State
from bot.core.timing import spoken_from
from bot.errors import TemplateError
from bot.services.consent import subject
from bot.services.ground import Ground
from bot.services.share import Share
from bot.store import decisions, posts
from bot.store.decisions import ANSWERS, BOT, Action, Decision
from bot.store.session import Connection

logger = logging.getLogger(__name__)


@dataclass(kw_only=True, slots=True)
class Questions:
    """What is still to be asked on one channel, the last first."""

    later: list[tuple[datetime, Key, Candidate]] = field(default_factory=list)
    unwritten: dict[Key, str] = field(default_factory=dict)  #: why something cannot be asked
    until: datetime | None = None  #: from when on there may be more; None: there never is

    @property
    def wake(self) -> datetime | None:
        """When the next is to be asked, or more may be."""
        found = [one[0] for one in self.later[-1:]]
        return min(found if self.until is None else [*found, self.until], default=None)

    def put(self, connection: Connection, ground: Ground, channel: Channel, now: datetime) -> None:
        """Write down what is to be asked by now, unless it was already, or is in the log."""
        due: dict[Key, Candidate] = {}
        while self.later and self.later[-1][0] <= now:
            _, key, candidate = self.later.pop()
            if now < candidate.deadline:
                due[key] = candidate
        rows = posts.of_keys(connection, due)
        for key, candidate in due.items():
            if key in rows and rows[key].state is not State.RETRY:
                continue
            try:
                _ask(connection, ground, channel, key, candidate, now=now)
            except TemplateError as error:
                self.unwritten[key] = f"its text cannot be written: {error}"

    def excused(self, key: Key, candidate: Candidate) -> Candidate:
        """The candidate, barred by what kept anybody from being asked about it."""
        if key not in self.unwritten:
            return candidate
        return candidate._replace(barred=self.unwritten[key], consent=Consent.FREE)


def questions(share: Share, account: str, schedules: Schedules, now: datetime) -> Questions:
    """What is to be asked of people on a channel in the next hours."""
    leads = [lead(rule) for rule in schedules.rules if rule.approval]
    if not leads:
        return Questions()
    later = [
        (ask_at(one), one.key(account), one)
        for one in share.asking(now + HORIZON + max(leads))
        if one.consent in _ASKING and one.barred in ("", AWAITED)
    ]
    later.sort(key=lambda one: one[:2], reverse=True)
    return Questions(later=later, until=now + HORIZON)


_ASKING = (Consent.AWAITED, Consent.UNASKED)


def _ask(
    connection: Connection,
    ground: Ground,
    channel: Channel,
    key: Key,
    candidate: Candidate,
    *,
    now: datetime,
) -> None:
    about = subject(candidate, channel, ground.edition, ground.programme)
    history = decisions.history(connection, str(key))
    asked = next((one for one in reversed(history) if one.action is Action.ASK), None)
    answer = next((one for one in reversed(history) if one.action in ANSWERS), None)
    since = otherwise(spoken_of(candidate), ground.hearing.restated)
    if asked and asked.text_digest == about and _stands(asked, answer, since):
        return
    goes, text = _expected(connection, ground, channel, key, candidate, now=now)
    changed = answer is not None and answer.action is Action.APPROVE
    nicknamed = key._replace(channel=channel.name)
    decisions.record(
        connection,
        Decision(
            key=str(key),
            action=Action.ASK,
            who=BOT,
            at=now,
            note=question(candidate, text, nicknamed, goes, changed=changed),
            text_digest=about,
            until=candidate.deadline,
        ),
    )
    logger.warning("%s waits for a person", nicknamed, extra={"action": "ask"})


def _expected(
    connection: Connection,
    ground: Ground,
    channel: Channel,
    key: Key,
    candidate: Candidate,
    *,
    now: datetime,
) -> tuple[datetime | None, str]:
    """When it goes out by itself, and how it reads then; or how it does if it is approved now."""
    schedules = ground.edition.schedules
    going = candidate
    if candidate.consent is Consent.UNASKED:
        going = on_silence(candidate, now, schedules, Consent.UNASKED)
    at = spoken_from(max(going.release, now), schedules, candidate.begins)
    linked = _is_linked(connection, channel, key, candidate)
    post = ground.edition.post(candidate, channel, at, ground.programme, linked=linked)
    return (at if going.consent is Consent.UNASKED else None), post.text


def _stands(question: Decision, answer: Decision | None, otherwise: datetime | None) -> bool:
    """Whether it is still to be answered: nobody did, and it is about what is so now."""
    answered = answer is not None and answer.at > question.at
    return not answered and (otherwise is None or question.at >= otherwise)


def _is_linked(connection: Connection, channel: Channel, key: Key, candidate: Candidate) -> bool:
    """Whether it carries links, if it is the next about its event."""
    before: set[str] = set()
    if channel.links is Links.FIRST:
        rows = posts.of_events(connection, key.channel, [key.event])
        before = {row.key.event for row in rows if row.has_linked}
    return key in set(carriers(channel, [candidate], before, key.channel))
