"""When the worker's jobs run: at their intervals, and sooner where one asks for it itself."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.events import EVENT_JOB_EXECUTED, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock

SHORTEST_WAIT = timedelta(milliseconds=1)

EARLY = timedelta(milliseconds=2)
"""By so much a job runs before the instant it asked for: a timer is late, and there is something to
look at first. It waits out the rest itself."""

Job = Callable[[], Awaitable[datetime | None]]
"""Returns the instant it wants to run again at, should its interval not be over by then."""


class Wakeups:
    """APScheduler, where no job overlaps itself, and none is too late to run."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self._scheduler.add_listener(self._ran, EVENT_JOB_EXECUTED)
        # a run may last longer than its interval: that it is not started twice is meant
        logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
        logging.getLogger("apscheduler.executors.default").setLevel(logging.ERROR)

    def add(self, name: str, job: Job, every: timedelta) -> None:
        self._scheduler.add_job(job, "interval", seconds=every.total_seconds(), id=name)

    def start(self) -> None:
        self._scheduler.start()

    def all_now(self) -> None:
        """The clock was set: every job runs now, whenever it was to run by the old one."""
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=self._clock.alarm(self._clock.now()))

    async def wait_for(self, instant: datetime | None) -> None:
        """Until the instant, where it is no further off than a job is early."""
        left = instant - self._clock.now() if instant else timedelta(0)
        while instant and timedelta(0) < left <= EARLY:  # a sleep may end a little too soon
            await asyncio.sleep(left.total_seconds())
            left = instant - self._clock.now()

    def pause(self) -> None:
        """Start nothing any more, and let what runs go on: `close` would cut it off."""
        self._scheduler.pause()

    def close(self) -> None:
        # a job that is cut off now is not an error
        logging.getLogger("apscheduler.executors.default").setLevel(logging.CRITICAL)
        self._scheduler.shutdown(wait=False)

    def _ran(self, event: JobExecutionEvent) -> None:
        """Only now is the job free to run again: asked for any sooner, a run may be left out."""
        if (wanted := event.retval) is None or (
            job := self._scheduler.get_job(event.job_id)
        ) is None:
            return
        at = self._clock.alarm(max(wanted - EARLY, self._clock.now() + SHORTEST_WAIT))
        if job.next_run_time is not None and at < job.next_run_time:
            job.modify(next_run_time=at)
