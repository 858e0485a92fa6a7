"""The sample season on real servers of the networks, with cards, over connections that are cut.

It is rehearsed: what is due in a year goes out within a minute, through the real delivery and log
and the publishers a bot has. The records on Bluesky carry the simulated time. A server with
Mastodon's API stamps its posts with the present, and nothing is restamped here: the present is
later than each simulated try, so no post is hidden from the looks for it, and text and id have to
tell it from all others.
"""

import asyncio
import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from bot.app import App
from bot.config import Environment
from bot.core.digests import SERIES
from bot.core.planning import Window, candidates
from bot.core.states import State
from bot.services.known import Known
from bot.services.plan import plan
from bot.services.rehearse import Rehearsal
from bot.services.sync import merged
from bot.store import posts, schema
from bot.store.session import Store
from tests.support.cli import ROOT, copy_sample
from tests.support.pds import Pds
from tests.support.relay import Relay
from tests.support.snac import Snac
from tests.support.wire import Ending
from tests.support.x_faults import Fault

BLUESKY = "/xrpc/com.atproto.repo.putRecord"
MASTODON = "/api/v1/statuses"
EVENTS = 18
CUTS = 100  #: more than a third of what goes out


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A post as its reader sees it; a digest has no picture."""

    text: str
    alt: str = ""
    picture: bytes = b""


@pytest.fixture
def bluesky(pds: Pds) -> Iterator[Relay]:
    with Relay(pds.url) as relay:
        relay.plan.add(*every_third(BLUESKY))
        yield relay


@pytest.fixture
def mastodon(snac: Snac) -> Iterator[Relay]:
    with Relay(snac.url) as relay:
        relay.plan.add(*every_third(MASTODON))
        yield relay


def every_third(path: str) -> list[Fault]:
    """Two posts in peace; the third is there, and the connection is cut before the answer."""
    peace = Fault(written=True, times=2, on=f"POST {path}")
    cut = Fault(written=True, ending=Ending.CLOSE, on=f"POST {path}")
    return [peace, cut] * CUTS


@pytest.fixture
def app(tmp_path: Path, pds: Pds, snac: Snac, bluesky: Relay, mastodon: Relay) -> App:
    copy_sample(tmp_path)
    sample = (ROOT / "schedules.yaml").read_text(encoding="utf-8")
    here, count = re.subn(r"\n  x: +\{platform: x\}", "", sample)
    assert count == 1
    here = re.sub(r"(template: \w+)\}", r"\1, card: true}", here)
    here = re.sub(r"\n    template: (?!digest)\w+", r"\g<0>\n    card: true", here)
    (tmp_path / "schedules.yaml").write_text(here, encoding="utf-8")
    return App(
        environment=Environment(
            {
                "BOT_SCHEDULES": str(tmp_path / "schedules.yaml"),
                "BOT_TEMPLATES": str(tmp_path / "templates"),
                "BLUESKY_PDS": bluesky.url,
                "BLUESKY_HANDLE": pds.handle,
                "BLUESKY_APP_PASSWORD": pds.password,
                "MASTODON_URL": mastodon.url,
                "MASTODON_ACCESS_TOKEN": snac.token,
            }
        )
    )


@pytest.fixture
def season_log(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path / 'bot.db'}")
    schema.check(store)
    yield store
    store.close()


def planned(app: App, window: Window, channel: str) -> dict[str, Shown]:
    """What `bot plan` shows of a channel when the season begins, by key; and its cards."""
    edition = app.editions.current
    records = merged([], edition.schedules, app.folder, window.start)
    assert len(records) == EVENTS
    asked = {one.key(channel): one for one in candidates(records, edition.schedules)}
    found = {}
    for line in plan(records, edition, Known(), window.start):
        if line.channel == channel and line.state == "planned":
            assert line.at is not None
            card = edition.card(asked[line.key], edition.schedules.channels[channel], line.at)
            assert (card is None) is (line.key.event == SERIES)
            found[str(line.key)] = Shown(text=line.text)
            if card is not None:
                drawn = edition.cards.draw(card)
                found[str(line.key)] = Shown(text=line.text, alt=drawn.alt, picture=drawn.data)
    return found


def logged(store: Store, platform: str) -> dict[str, str]:
    """From the id on the network to the key of the plan, of all the log has; all was sent."""
    with store.reading() as connection:
        rows = [
            row
            for row in posts.all_posts(connection)
            if row.key.channel.startswith(f"{platform}:") and row.state is not State.DROPPED
        ]
    assert {row.state for row in rows} == {State.SENT}
    assert {row.tries for row in rows} == {1}
    found = {str(row.remote_id): str(row.key._replace(channel=platform)) for row in rows}
    assert len(found) == len(rows)
    return found


def on_bluesky(pds: Pds) -> dict[str, Shown]:
    """The posts as the server has them, by id."""
    found = {}
    for record in pds.records():
        value, key = record["value"], record["uri"].rpartition("/")[2]
        assert hashtags(value) == ["#MidlandsHealth"]
        found[key] = Shown(text=value["text"])
        for image in value["embed"].get("images", ()):
            blob = urlencode({"did": pds.did, "cid": image["image"]["ref"]["$link"]})
            picture = fetched(f"{pds.url}/xrpc/com.atproto.sync.getBlob?{blob}")
            found[key] = Shown(text=value["text"], alt=image["alt"], picture=picture)
    return found


def hashtags(value: Mapping[str, Any]) -> list[str]:
    """What of the text is marked as one, and leads to what it says."""
    found = []
    for facet in value["facets"]:
        place, [feature] = facet["index"], facet["features"]
        shown = value["text"].encode()[place["byteStart"] : place["byteEnd"]].decode()
        if feature["$type"] == "app.bsky.richtext.facet#tag":
            assert shown == f"#{feature['tag']}"
            found.append(shown)
    return found


def on_mastodon(snac: Snac) -> dict[str, Shown]:
    """The posts as the server lists them, by id."""
    found = {}
    for status in snac.statuses():
        assert [tag["name"] for tag in status["tags"]] == ["midlandshealth"]
        text = read_aloud(status["content"])
        found[status["id"]] = Shown(text=text)
        for media in status["media_attachments"]:
            picture = fetched(media["url"])
            found[status["id"]] = Shown(text=text, alt=media["description"], picture=picture)
    return found


def read_aloud(content: str) -> str:
    """What a browser shows of a status."""
    lines = re.sub(r"</p>\s*<p>", "\n\n", re.sub(r"<br ?/?>", "\n", content))
    return html.unescape(re.sub(r"<[^>]*>", "", lines)).strip()


def fetched(url: str) -> bytes:
    with urlopen(url, timeout=30) as answer:
        return bytes(answer.read())


@pytest.mark.timeout(900)
def test_what_was_planned_is_what_followers_see_whatever_is_cut(
    app: App, season_log: Store, pds: Pds, snac: Snac, bluesky: Relay, mastodon: Relay
):
    rehearsal = Rehearsal(
        store=season_log,
        editions=app.editions,
        folder=app.folder,
        publishers=lambda clock: App(environment=app.environment, clock=clock).publishers(),
        waits=app.settings.bot_resolve_after,
    )
    window = rehearsal.prepare(None, None)
    wanted = {name: planned(app, window, name) for name in ("bluesky", "mastodon")}
    season = asyncio.run(rehearsal.play(window, lambda _held, _at: None))

    assert season.unsent == 0
    assert season.sent == sum(map(len, wanted.values()))
    for name, seen, relay, path in (
        ("bluesky", on_bluesky(pds), bluesky, BLUESKY),
        ("mastodon", on_mastodon(snac), mastodon, MASTODON),
    ):
        keys = logged(season_log, name)
        assert seen.keys() == keys.keys()
        assert {keys[one]: shown for one, shown in seen.items()} == wanted[name]
        asked = len(relay.of(path))
        assert asked == len(wanted[name]) > EVENTS
        assert relay.plan.left == 3 * CUTS - asked
