"""The schedules.yaml and templates in force, read again whenever a file changes.

A broken edit never takes effect: the last good edition stays, and what is wrong is kept to be said.
"""

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot import schedules as language
from bot.cards import FOLDERS as CARDS
from bot.cards import Cards, watched
from bot.core.cards import SAMPLE, Card, card
from bot.core.counting import Beside, Measure, graphemes, measured
from bot.core.digests import still
from bot.core.limits import Limits
from bot.core.linting import Fault, lint, lint_picture
from bot.core.planning import Candidate
from bot.core.programme import Programme
from bot.core.rules import Channel, Links, Rule, Schedules
from bot.errors import BotError, ConfigError, TemplateError, nearest
from bot.rendering import Context, Post, Templates


@dataclass(frozen=True, kw_only=True, slots=True)
class Edition:
    """One state of the organiser's files."""

    schedules: Schedules
    templates: Templates
    cards: Cards
    digest: str
    newest: datetime  #: when the newest of the files was written
    limits: Mapping[tuple[str, str], Limits] = field(default_factory=dict)
    """What the server of each channel takes, by nickname and platform."""

    def within(self, limits: Mapping[tuple[str, str], Limits]) -> "Edition":
        """The same, measured by what the servers were heard to take."""
        return replace(self, limits=limits)

    def measure(self, channel: Channel) -> Measure:
        return measured(channel.platform, self.limits.get((channel.name, channel.platform)))

    def post(
        self,
        candidate: Candidate,
        channel: Channel,
        at: datetime,
        programme: Programme,
        *,
        linked: bool = True,
    ) -> Post:
        """What the post says if it is sent at that instant. Raises TemplateError.

        `linked`: whether it carries links, where the channel has both.
        """
        context = Context(
            series=self.schedules.series,
            rule=candidate.rule.name,
            told=candidate.told,
            finale=programme.finale,
            language=channel.language or self.schedules.series.language,
            also_zone=channel.also_zone,
            **(_of_event if candidate.events is None else _of_series)(candidate, at, programme),
        )
        measure = self.measure(channel)
        if candidate.rule.warning and channel.platform == "mastodon":  # where it counts as well
            measure = Beside(measure, graphemes(candidate.rule.warning))
        if not linked or channel.links is Links.NEVER:
            context = context.without_links()
        return self.templates.render(
            candidate.rule.template, channel.platform, context, measure, at
        )

    @property
    def draws(self) -> bool:
        """Whether any post has a card."""
        return any(rule.card for rule in self.schedules.rules)

    def try_card(self) -> None:
        """Draw one, where any post has a card; CardError where the template is broken."""
        if self.draws:
            self.cards.draw(SAMPLE)

    def card(self, candidate: Candidate, channel: Channel, at: datetime) -> Card | None:
        """What the picture of the post shows if it is sent at that instant; None: it has none."""
        if not candidate.rule.card:
            return None
        return card(
            candidate.record.event,
            self.schedules.series,
            at,
            rule=candidate.rule,
            told=candidate.told,
            channel=channel,
        )

    def faults(self, post: Post, channel: Channel, picture: Card | None = None) -> list[Fault]:
        """What a reader would stumble over in it; nothing where it may go out."""
        return [
            *(lint_picture(picture.alt) if picture else ()),
            *post.untrue,
            *lint(
                post.text,
                hashtag=self.schedules.series.hashtag,
                links=post.links,
                mentions=post.mentions,
                platform=channel.platform,
            ),
        ]


def _of_event(candidate: Candidate, _at: datetime, programme: Programme) -> dict[str, Any]:
    """What a post about one event may speak of besides it."""
    event = candidate.record.event
    place = programme.place(event.uid)
    return {
        "event": event,
        "number": place.number,
        "total": place.total,
        "previous": place.previous,
        "next": place.next,
        "events": programme.events,
    }


def _of_series(candidate: Candidate, at: datetime, programme: Programme) -> dict[str, Any]:
    """What a digest speaks of: of its events those that have not begun meanwhile."""
    period = candidate.record.event
    return {
        "period": period,
        "total": len(programme.events),
        "next": programme.after(period.over_at),
        "events": [record.event for record in candidate.events or () if still(record.event) > at],
    }


class Editions:
    """The edition in force, and whether the files still say the same."""

    def __init__(self, schedules: Path, templates: Path) -> None:
        self.path = schedules
        self._templates = templates
        self._folders = [(str(templates / below), is_read) for below, is_read in _FOLDERS]
        self._logo: Path | None = None
        self._stamp = self._stamped()
        self.current = read_edition(schedules, templates)
        self.broken: BotError | None = None  #: what is wrong with the files as they are now
        self._watch_logo()

    def refresh(self) -> bool:
        """Read the files again if they changed; whether another edition is in force now."""
        stamp = self._stamped()
        if stamp == self._stamp and not isinstance(self.broken, ConfigError):
            return False  # a file that is missing may be any
        self._stamp = stamp
        before = self.current.digest
        try:
            edition = read_edition(self.path, self._templates)
            edition.try_card()
            self.current, self.broken = edition, None
            self._watch_logo()
        except BotError as error:
            if str(error) != str(self.broken):
                self.broken = error
        return self.current.digest != before

    def _watch_logo(self) -> None:
        self._logo = logo(self.path, self.current.schedules)
        self._stamp = self._stamped()

    def _stamped(self) -> tuple[tuple[str, int, int], ...]:
        """What is another with any change of the files. It is asked each second, and pathlib takes
        its time: the folders are read as the system gives them.
        """
        files = [self.path, *([self._logo] if self._logo else [])]
        found = [_stamp(str(path), path) for path in files]
        for folder, is_read in self._folders:
            with suppress(OSError), os.scandir(folder) as entries:
                found += [_stamp(one.path, one) for one in entries if is_read(one.name)]
        return tuple(sorted(found))


def read_edition(schedules: Path, templates: Path, home: Path | None = None) -> Edition:
    """Read both; MistakesError with every mistake, ConfigError where there is no file.

    `home`: the schedules.yaml that the first stands in for: what it names is beside that.
    """
    home = home or schedules
    try:
        data = schedules.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"{schedules} cannot be read ({error.strerror}): run the bot in the folder of"
            " schedules.yaml, or name the file in BOT_SCHEDULES"
        ) from error
    said = language.read(data, name=str(schedules))
    loaded = Templates.load(templates)
    cards = Cards.load(templates, logo(home, said))
    _check_templates(
        said, loaded, templates, lambda rule: language.template_at(data, rule, name=str(schedules))
    )
    _check_cards(said, cards, templates)
    written = [schedules, *_templates(templates, logo(home, said))]
    return Edition(
        schedules=said,
        templates=loaded,
        cards=cards,
        digest=hashlib.sha256((said.digest + loaded.digest + cards.digest).encode()).hexdigest(),
        newest=datetime.fromtimestamp(max(path.stat().st_mtime for path in written), UTC),
    )


def logo(schedules: Path, said: Schedules) -> Path | None:
    """Where the logo of the series is; None where it has none."""
    return schedules.parent / said.series.logo if said.series.logo else None


def _templates(folder: Path, logo: Path | None) -> list[Path]:
    return [*sorted(folder.glob("posts/*.j2")), *watched(folder, logo)]


def _check_cards(said: Schedules, cards: Cards, folder: Path) -> None:
    for rule in said.rules:
        if rule.card and not cards:
            raise TemplateError(
                f"the post '{rule.name}' has a card, and there is no {folder}/cards/event.typ to"
                " draw it with: copy the one that comes with the bot"
            )


def _check_templates(
    said: Schedules, loaded: Templates, folder: Path, place: Callable[[Rule], str]
) -> None:
    for rule in said.rules:
        for channel in said.channels_of(rule):
            if not loaded.has(rule.template, channel.platform):
                raise TemplateError(
                    f"{place(rule)}: the post '{rule.name}' names the template '{rule.template}',"
                    f" and there is no {folder}/posts/{rule.template}.j2"
                    f"{nearest(rule.template, loaded.names)}"
                )


_FOLDERS: Sequence[tuple[str, Callable[[str], bool]]] = (
    ("posts", lambda name: name.endswith(".j2")),
    *((below, lambda name: not name.startswith(".")) for below in CARDS),
)
"""What of the folder of templates is read: folders, and the names in them."""


def _stamp(path: str, file: "Path | os.DirEntry[str]") -> tuple[str, int, int]:
    try:
        found = file.stat()
    except OSError:
        return path, 0, 0
    return path, found.st_mtime_ns, found.st_size
