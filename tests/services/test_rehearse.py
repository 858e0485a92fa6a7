import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.clock import SimulatedClock
from bot.platforms.base import Answer, Outcome, Trouble
from bot.services.edition import Editions
from bot.services.rehearse import Played, Rehearsal
from bot.store import posts, schema
from bot.store.posts import PostRecord
from bot.store.session import Store
from tests.support.cli import copy_sample
from tests.support.stage import Platform, Script, answers, lost, vanished

LATER = Outcome(answer=Answer.NOT_SENT, trouble=Trouble.PASSING, error="503")


class Rehearsed(NamedTuple):
    played: Played
    log: Sequence[PostRecord]
    shown: Sequence[tuple[str, datetime]]  #: what people were shown, and when
    texts: Sequence[str]  #: on the platform


async def at_once(_step: timedelta) -> None:
    """A pause that is none: each answer is written down before time moves on."""


def rehearsed(folder: Path, script: Sequence[Script], *, one_by_one: bool) -> Rehearsed:
    store = Store(f"sqlite:///{folder / f'{one_by_one}.db'}", durable=False)
    schema.check(store)
    platforms: list[Platform] = []

    def publishers(clock: SimulatedClock) -> dict[str, Platform]:
        platforms.append(Platform(clock, connections=1, script=list(script)))
        return {"x": platforms[0]}

    rehearsal = Rehearsal(
        store=store,
        editions=Editions(folder / "schedules.yaml", folder / "templates"),
        folder=folder,
        publishers=publishers,
        pause=at_once if one_by_one else None,
    )
    shown: list[tuple[str, datetime]] = []
    window = rehearsal.prepare(None, None)
    played = asyncio.run(
        rehearsal.play(window, lambda held, at: shown.append((str(held.claim.key), at)))
    )
    with store.reading() as connection:
        rows = [replace(row, idempotency_key="") for row in posts.all_posts(connection)]
    store.close()
    return Rehearsed(played, rows, shown, platforms[0].texts)


@pytest.mark.parametrize("faults", [[], [lost, None, vanished, answers(LATER), None, lost] * 8])
def test_a_season_in_a_hurry_is_the_season_answer_by_answer(
    tmp_path: Path, faults: list[Script | None]
) -> None:
    copy_sample(tmp_path)
    file = tmp_path / "schedules.yaml"
    file.write_text(file.read_text().replace("\nlimits:", "\n# limits:"))  # two are due at once
    script = [fault or (lambda _platform, _parcel: None) for fault in faults]
    slowly = rehearsed(tmp_path, script, one_by_one=True)
    in_a_hurry = rehearsed(tmp_path, script, one_by_one=False)
    assert in_a_hurry == slowly
    assert in_a_hurry.played.unsent == 0
    sent_at = {str(row.key): row.sent_at for row in slowly.log}
    assert all(sent_at[key] == at for key, at in slowly.shown)
