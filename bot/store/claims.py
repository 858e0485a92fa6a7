"""What is written to the post log: a claim, the hold on it, and what became of a try."""

from dataclasses import replace
from datetime import datetime

from bot.core.model import Image, Told
from bot.core.planning import Key
from bot.core.record import record
from bot.core.states import Cause


@record
class Extras:
    """What goes with a text, frozen with it; kept in the row's payload."""

    language: str | None = None  #: BCP 47
    warning: str = ""
    reply_to: str | None = None  #: remote id of the post it answers
    image: str | None = None  #: digest of its picture
    alt: str = ""
    title: str = ""  #: heads the card of its link
    cost_usd: str = "0"  #: what publishing it costs, as foreseen


NOTHING = Extras()


@record
class Claim:
    """A post rendered, fitted and frozen: what is about to be sent."""

    key: Key
    template: str
    due: datetime
    deadline: datetime
    true_until: datetime  #: when this text has to be written anew; not kept in the log
    event_revision: int
    text: str
    idempotency_key: str
    facts: tuple[tuple[str, Told], ...]  #: what it tells of which event
    links: tuple[str, ...] = ()  #: what of the text is meant to be a link
    extras: Extras = NOTHING  #: what else was frozen with the text
    image: Image | None = None

    def again(
        self, idempotency_key: str, links: tuple[str, ...], extras: Extras, image: Image | None
    ) -> "Claim":
        """The same bytes under the key they were sent with before."""
        return replace(
            self, idempotency_key=idempotency_key, links=links, extras=extras, image=image
        )


@record
class Held:
    """A claim that is ours: its row, and which try this is."""

    post_id: int
    tries: int
    claim: Claim
    resent: bool = False  #: whether an earlier try of these bytes may have got through


@record
class Settlement:
    """What became of one try, or what a look-up, a person or the clock found out."""

    post_id: int
    tries: int
    cause: Cause
    phase: str
    outcome: str
    ended: datetime
    started: datetime | None = None
    http_status: int | None = None
    remote_id: str | None = None
    remote_url: str | None = None
    reason: str = ""
    needs_person: bool = False
    next_try_at: datetime | None = None
