import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from bot.clock import SystemClock
from bot.wakeups import Wakeups

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


def test_a_job_runs_again_at_the_instant_it_asks_for_and_no_sooner() -> None:
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
    assert ran[1] >= wanted[0]


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
