import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import SimulatedClock, SystemClock
from bot.wakeups import EARLY, Wakeups

HOUR = timedelta(hours=1)
SOON = 5.0  # seconds in which what does not wait for its interval is over

Job = Callable[[], Awaitable[datetime | None]]


def played(make: Callable[[asyncio.Event], Job], *, every: timedelta = HOUR) -> None:
    """Run a job, first now, until it sets the event. TimeoutError: it did not."""

    async def run() -> None:
        over = asyncio.Event()
        wakeups = Wakeups(SystemClock())
        wakeups.add("job", make(over), every)
        wakeups.start()
        wakeups.all_now()
        try:
            await asyncio.wait_for(over.wait(), SOON)
        finally:
            wakeups.close()

    asyncio.run(run())


def test_a_job_that_asks_to_run_again_does_so_though_the_loop_is_busy() -> None:
    runs = []

    def make(over: asyncio.Event) -> Job:
        async def job() -> datetime | None:
            runs.append(1)
            if len(runs) == 50:
                over.set()
                return None
            asyncio.get_running_loop().call_soon(_be_busy)
            return datetime.now(UTC)

        return job

    played(make)
    assert len(runs) == 50


def test_a_job_runs_again_a_moment_before_the_instant_it_asks_for() -> None:
    wanted: list[datetime] = []
    ran: list[datetime] = []

    def make(over: asyncio.Event) -> Job:
        async def job() -> datetime | None:
            ran.append(datetime.now(UTC))
            if wanted:
                over.set()
                return None
            wanted.append(ran[0] + timedelta(milliseconds=20))
            return wanted[0]

        return job

    played(make)
    assert ran[1] >= wanted[0] - EARLY


@pytest.mark.parametrize("ahead", [0.3, 1.0, 1.7])
def test_what_is_left_of_that_moment_is_waited_for_to_the_end(ahead: float) -> None:
    clock = SystemClock()

    async def waited() -> timedelta:
        instant = clock.now() + timedelta(milliseconds=ahead)
        await Wakeups(clock).wait_for(instant)
        return clock.now() - instant

    assert asyncio.run(waited()) >= timedelta(0)


def test_nobody_waits_for_what_is_further_off_nor_for_what_is_due() -> None:
    clock = SimulatedClock(datetime(2021, 6, 9, 10, tzinfo=UTC))  # in it no wait would end

    async def waited(instant: datetime | None) -> bool:
        waiting = asyncio.create_task(Wakeups(clock).wait_for(instant))
        await asyncio.sleep(0)
        waiting.cancel()
        return not waiting.done()

    further = clock.now() + EARLY + timedelta(microseconds=1)
    assert not any(asyncio.run(waited(one)) for one in (None, clock.now(), further))
    assert asyncio.run(waited(clock.now() + EARLY))


def test_a_job_that_fails_is_run_again() -> None:
    runs: list[int] = []

    def make(over: asyncio.Event) -> Job:
        async def job() -> datetime | None:
            runs.append(1)
            if len(runs) == 1:
                raise ValueError
            over.set()
            return None

        return job

    played(make, every=timedelta(milliseconds=50))
    assert len(runs) == 2


def _be_busy() -> None:
    """Longer than the shortest wait, so that the job is due before its last run is put away."""
    ends = datetime.now(UTC) + timedelta(milliseconds=3)
    while datetime.now(UTC) < ends:
        pass
