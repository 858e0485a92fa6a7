"""What goes wrong with which request to the X server: listed, or drawn with a seed."""

import random
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.support.wire import Ending


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One request that goes wrong. Without status or body, X's own answer is what is broken."""

    written: bool = False  #: whether the request has its effect (a post is written) all the same
    status: int | None = None
    body: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    ending: Ending = Ending.WHOLE
    delay: float = 0.0  #: seconds before the answer; the effect is at once
    times: int = 1
    on: str = "POST /2/tweets"  #: how method and path begin

    @property
    def answers(self) -> bool:
        """Whether the answer is the fault's own."""
        return self.status is not None or self.body is not None


def _problem(status: int, title: str, detail: str) -> str:
    return f'{{"title":"{title}","detail":"{detail}","type":"about:blank","status":{status}}}'


DUPLICATE = _problem(
    403, "Forbidden", "You are not allowed to create a Tweet with duplicate content."
)
_NOT_PERMITTED = _problem(403, "Forbidden", "You are not permitted to perform this action.")
_CREDITS = _problem(402, "CreditsDepleted", "Your account does not have any credits.")
_UNAUTHORIZED = _problem(401, "Unauthorized", "Unauthorized")
_INVALID = _problem(400, "Invalid Request", "One or more parameters to your request was invalid.")
_LIMIT = _problem(429, "Too Many Requests", "Too Many Requests")
_UNAVAILABLE = _problem(503, "Service Unavailable", "Service Unavailable")

_TIMELINE = "GET /2/users/1"  # of an account, by its number

FAULTS: Mapping[str, Fault] = {
    "400": Fault(status=400, body=_INVALID),
    "401": Fault(status=401, body=_UNAUTHORIZED),
    "402": Fault(status=402, body=_CREDITS),
    "403": Fault(status=403, body=_NOT_PERMITTED),
    "404": Fault(status=404, body=_problem(404, "Not Found", "Not Found")),
    "duplicate": Fault(status=403, body=DUPLICATE),
    "duplicate-written": Fault(status=403, body=DUPLICATE, written=True),
    "429": Fault(status=429, body=_LIMIT, headers={"Retry-After": "2"}),
    "429-bare": Fault(status=429, body=_LIMIT),
    "500": Fault(status=500, body=""),
    "500-written": Fault(status=500, body="", written=True),
    "502-written": Fault(status=502, body="<html>Bad Gateway</html>", written=True),
    "503": Fault(status=503, body=_UNAVAILABLE),
    "503-written": Fault(status=503, body=_UNAVAILABLE, written=True),
    "504-written": Fault(status=504, body="", written=True),
    "reset": Fault(ending=Ending.RESET),
    "reset-written": Fault(ending=Ending.RESET, written=True),
    "close": Fault(ending=Ending.CLOSE),
    "close-written": Fault(ending=Ending.CLOSE, written=True),
    "hang": Fault(ending=Ending.HANG),
    "hang-written": Fault(ending=Ending.HANG, written=True),
    "truncated-written": Fault(ending=Ending.TRUNCATE, written=True),
    "garbage-written": Fault(status=201, body='{"data": {"id": ', written=True),
    "no-id-written": Fault(status=201, body="{}", written=True),
    "redirect": Fault(status=307, body="", headers={"Location": "/2/tweets"}),
    "slow": Fault(delay=0.5, written=True),
    "wrong-date": Fault(headers={"Date": "Thu, 01 Jan 1970 00:00:00 GMT"}, written=True),
    "hang-up-later": Fault(ending=Ending.HANG_UP_LATER, written=True),
    "timeline-503": Fault(status=503, body=_UNAVAILABLE, on=_TIMELINE),
    "timeline-close": Fault(ending=Ending.CLOSE, on=_TIMELINE),
    "timeline-cut": Fault(ending=Ending.TRUNCATE, written=True, on=_TIMELINE),
    "timeline-empty": Fault(status=200, body="{}", on=_TIMELINE),
}


def fault(given: str | Mapping[str, Any]) -> Fault:
    """By its name; or by its fields, with `name` for the fault they differ from."""
    if isinstance(given, str):
        return FAULTS[given]
    fields = dict(given)
    known = FAULTS[fields.pop("name")] if "name" in fields else Fault()
    if "ending" in fields:
        fields["ending"] = Ending(fields["ending"])
    return replace(known, **fields)


class FaultPlan:
    """What is listed comes first, in order; then what the mix draws."""

    def __init__(self) -> None:
        self._listed: deque[Fault] = deque()
        self._mix: list[tuple[Fault, float]] = []
        self._random = random.Random()

    def add(self, *faults: Fault) -> None:
        for each in faults:
            self._listed.extend([each] * each.times)

    def mix(self, shares: Mapping[str, float], *, seed: int) -> None:
        """From now on each request has these faults with these probabilities, by name."""
        self._random = random.Random(seed)
        self._mix = [(FAULTS[name], share) for name, share in shares.items()]

    def clear(self) -> None:
        self._listed.clear()
        self._mix = []

    @property
    def left(self) -> int:
        """How many listed faults have not happened yet."""
        return len(self._listed)

    def next(self, method: str, path: str) -> Fault | None:
        route = f"{method} {path}"
        for each in self._listed:
            if route.startswith(each.on):
                self._listed.remove(each)
                return each
        drawn = self._random.random() if self._mix else 1.0
        for each, share in self._mix:
            if not route.startswith(each.on):
                continue
            if drawn < share:
                return each
            drawn -= share
        return None
