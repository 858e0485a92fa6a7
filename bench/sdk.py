"""The SDK alone: tweepy's AsyncClient, so many posts in flight, nothing written anywhere.

`python -m bench.sdk URL POSTS IN_FLIGHT` prints the seconds from the first post to the last answer.
"""

import asyncio
import sys
import time
import warnings
from collections.abc import Iterator
from typing import Any

import aiohttp
from tweepy.asynchronous import AsyncClient  # type: ignore[import-untyped]  # it ships no types
from yarl import URL

warnings.simplefilter("ignore", DeprecationWarning)  # aiohttp's, of what stands below


class _Session(aiohttp.ClientSession):
    """tweepy has its address built in: this one goes to ours, at no cost."""

    target = URL()

    def request(self, method: str, _url: Any, **options: Any) -> Any:  # type: ignore[override]
        return super().request(method, self.target, **options)


async def post(url: str, posts: int, in_flight: int) -> float:
    client = AsyncClient(
        consumer_key="k" * 25,
        consumer_secret="s" * 50,
        access_token="1",
        access_token_secret="t" * 45,
    )
    connector = aiohttp.TCPConnector(limit=in_flight)
    async with _Session(connector=connector) as session:
        session.target = URL(f"{url}/2/tweets")
        client.session = session
        texts = iter(text_of(number) for number in range(posts))
        began = time.perf_counter()
        await asyncio.gather(*(_worker(client, texts) for _ in range(in_flight)))
        return time.perf_counter() - began


async def _worker(client: Any, texts: Iterator[str]) -> None:
    for text in texts:
        await client.create_tweet(text=text)


def text_of(number: int) -> str:
    """As long as the bot's own posts in the bench."""
    return f"In 1 hour: Seminar number {number:07} of a busy morning #InSeconds"


if __name__ == "__main__":
    print(asyncio.run(post(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
