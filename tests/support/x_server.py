"""The fault server: X on a loopback socket, which does what a plan says to each request.

In a test: `with XServer() as x: x.plan.add(fault("503-written")); … x.posts`.
As a process: `python -m tests.support.x_server --port 0` prints one line of JSON (url, users), and
is controlled over HTTP under /_control: GET posts, requests, state; POST faults
({"faults": [name or fields, …], "mix": {name: share}, "seed": 1, "clear": true}), options
({"duplicates_refused": false, "signatures_checked": false, "lag": 5}), reset.
"""

import argparse
import json
import signal
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from tests.support.wire import Answer, Request, WireServer, as_json
from tests.support.x_api import Post, User, XApi, users
from tests.support.x_faults import Fault, FaultPlan, fault


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A request that arrived whole, and what was done with it."""

    at: datetime
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    text: str | None  #: of the post asked for
    user: str | None  #: None: the signature was wrong
    fault: Fault | None
    written: str | None  #: the id of the post that came of it
    status: int


class XServer(WireServer):
    def __init__(self, *, accounts: int = 1, port: int = 0) -> None:
        super().__init__(self._handle, port=port)
        self.api = XApi(users(accounts))
        self.plan = FaultPlan()
        self.requests: list[Seen] = []
        self.delay = 0.0  #: seconds before an answer to a post; the effect is at once

    @property
    def user(self) -> User:
        return self.api.users[0]

    @property
    def posts(self) -> list[Post]:
        """What was really written."""
        return list(self.api.posts)

    @property
    def texts(self) -> list[str]:
        return [post.text for post in self.api.posts]

    def _handle(self, request: Request) -> Answer:
        if request.path.startswith("/_control/"):
            return self._control(request)
        user = self.api.user_of(request)
        planned = self.plan.next(request.method, request.path) if user else None
        before = len(self.api.posts)
        answer = Answer()
        if planned is None or planned.written:
            answer = self.api.answer(request, user)
        if planned is not None:
            answer = _broken(answer, planned)
        elif request.method == "POST":
            answer = replace(answer, delay=self.delay)
        written = self.api.posts[-1].id if len(self.api.posts) > before else None
        self._record(request, user, planned, written, answer)
        return answer

    def _record(
        self,
        request: Request,
        user: User | None,
        planned: Fault | None,
        written: str | None,
        answer: Answer,
    ) -> None:
        self.requests.append(
            Seen(
                at=request.at,
                method=request.method,
                path=request.path,
                query=request.query,
                headers=request.headers,
                text=_text(request),
                user=user.id if user else None,
                fault=planned,
                written=written,
                status=answer.status,
            )
        )

    def _control(self, request: Request) -> Answer:
        match request.method, request.path.removeprefix("/_control/"):
            case "GET", "posts":
                return _listing(self.api.posts)
            case "GET", "requests":
                return _listing(self.requests)
            case "POST", "faults":
                self._plan(json.loads(request.body))
            case "POST", "options":
                self._set(json.loads(request.body))
            case "POST", "reset":
                self.plan.clear()
                self.requests.clear()
                self.api = XApi(self.api.users)
            case "GET", "state":
                pass
            case _:
                return as_json(404, {"error": f"no control {request.path}"})
        return as_json(200, self._state())

    def _set(self, given: Mapping[str, Any]) -> None:
        api = self.api
        api.duplicates_refused = bool(given.get("duplicates_refused", api.duplicates_refused))
        api.signatures_checked = bool(given.get("signatures_checked", api.signatures_checked))
        api.replies_refused = bool(given.get("replies_refused", api.replies_refused))
        api.lag = float(given.get("lag", api.lag))

    def _plan(self, given: Mapping[str, Any]) -> None:
        if given.get("clear"):
            self.plan.clear()
        self.plan.add(*map(fault, given.get("faults", [])))
        if "mix" in given:
            self.plan.mix(given["mix"], seed=given.get("seed", 0))

    def _state(self) -> dict[str, int]:
        return {
            "posts": len(self.api.posts),
            "requests": len(self.requests),
            "faults_left": self.plan.left,
            "open": len(self.open),
        }


def _broken(answer: Answer, planned: Fault) -> Answer:
    if planned.answers:
        body = (planned.body or "").encode()
        answer = Answer(status=planned.status or 200, body=body)
    return replace(
        answer,
        headers={**answer.headers, **planned.headers},
        ending=planned.ending,
        delay=planned.delay,
    )


def _text(request: Request) -> str | None:
    try:
        body = request.json()
    except ValueError:
        return None
    text = body.get("text") if isinstance(body, dict) else None
    return text if isinstance(text, str) else None


def _listing(items: list[Any]) -> Answer:
    body = json.dumps([asdict(item) for item in items], default=str)
    return Answer(body=body.encode())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--accounts", type=int, default=1)
    parser.add_argument("--mix", nargs="*", default=[], metavar="NAME=SHARE")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    server = XServer(accounts=options.accounts, port=options.port)
    shares = dict(share.split("=") for share in options.mix)
    server.plan.mix({name: float(share) for name, share in shares.items()}, seed=options.seed)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.stop())

    def started() -> None:
        told = {"url": server.url, "users": [asdict(user) for user in server.api.users]}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()

    server.run(started)


if __name__ == "__main__":
    main()
