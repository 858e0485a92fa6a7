"""The burst once more, with a million posts already in the log."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from bench.burst import bot
from bench.figures import Figure, Size, alternating
from bench.season import Season
from bench.x_server import Server

_ROWS = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
INSERT INTO posts (event, rule, channel, reference, state, template, due, deadline, event_revision,
  tries, worker, text, payload, idempotency_key, created_at, claimed_at, sent_at, remote_id)
SELECT 'old-' || i, 'soon', 'x:127.0.0.1:1', '2020-01-01', 'sent', 'soon', t, t, 1, 1, 'old',
  'In 1 hour: Seminar number ' || i || ' of a busy morning #InSeconds', '{"links": []}',
  'old' || i, t, t, t, 'old' || i
FROM (SELECT i, strftime('%Y-%m-%d %H:%M:%f', :now, '-' || (2 + i / 500) || ' hours') || '000' AS t
  FROM n)
"""
_TRIES = """
INSERT INTO attempts (post_id, tries, phase, started, ended, http_status, outcome, remote_id, error)
SELECT id, 1, 'post', claimed_at, sent_at, 201, 'sent', remote_id, '' FROM posts
"""
_TOLD = """
INSERT INTO told (post_id, event, starts, status, url, recording_url)
SELECT id, event, '2020-01-01T10:00:00+00:00', 'confirmed', '', '' FROM posts
"""


def rows(size: Size, server: Server) -> Iterator[Figure]:
    posts, counts = (300, [10_000]) if size.quick else (2000, [10_000, 100_000, 1_000_000])
    with tempfile.TemporaryDirectory() as folder:
        old = {count: _database(Path(folder) / str(count), count) for count in counts}
        runs = [lambda path=path: bot(server, posts, old=path) for path in (None, *old.values())]
        empty, *grown = alternating(size.rounds, *runs)
    yield Figure(
        row="grown",
        measure=f"burst of {posts:,} posts with {counts[-1]:,} in the log",
        ours=grown[-1],
        unit="posts/s",
        against="the same with an empty log",
        reference=empty,
        target="≥ 0.95",
        series={"posts in the log": [0.0, *map(float, counts)], "posts/s": [empty, *grown]},
    )


def _database(folder: Path, count: int) -> Path:
    folder.mkdir()
    season = Season(folder)
    store = season.store()
    # not in the last hours: what adopts them reads the account's own timeline, which has none
    now = datetime.now(UTC) - timedelta(days=2)
    with store.writing() as connection:
        connection.execute(text(_ROWS), {"count": count, "now": f"{now:%Y-%m-%d %H:%M:%S}"})
        connection.execute(text(_TRIES))
        connection.execute(text(_TOLD))
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    return season.folder / "bot.db"
