"""APScheduler with a job store, one post every 200 ms, until it is killed."""

import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from bench.trickle import STEP

if __name__ == "__main__":
    url, posts, due = sys.argv[1], int(sys.argv[2]), datetime.fromisoformat(sys.argv[3])
    with tempfile.TemporaryDirectory() as folder:
        store = SQLAlchemyJobStore(f"sqlite:///{Path(folder) / 'jobs.db'}")
        scheduler = BackgroundScheduler(
            jobstores={"default": store},
            job_defaults={"misfire_grace_time": None},
            timezone=UTC,
        )
        for number in range(posts):
            at = due + STEP * number
            scheduler.add_job("bench.peers:post", "date", run_date=at, args=(url, number))
        scheduler.start()
        time.sleep(600)
