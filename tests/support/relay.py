"""A way to a server on which things go wrong as planned: before the request arrives, or after."""

from collections.abc import Callable
from dataclasses import replace
from http.client import HTTPConnection
from urllib.parse import urlsplit

from tests.support.wire import Answer, Request, WireServer
from tests.support.x_faults import Fault, FaultPlan

_PER_CONNECTION = {"host", "connection", "content-length", "transfer-encoding", "date"}


class Relay(WireServer):
    """Hands every request on, or what is planned for it; a fault `written` breaks the answer."""

    def __init__(self, upstream: str | Callable[[Request], Answer]) -> None:
        super().__init__(self._handle)
        self._upstream = upstream
        self.plan = FaultPlan()
        self.requests: list[Request] = []

    def of(self, path: str) -> list[Request]:
        """The requests to a path."""
        return [request for request in self.requests if request.path == path]

    def _handle(self, request: Request) -> Answer:
        self.requests.append(request)
        planned = self.plan.next(request.method, request.path)
        answer = Answer()
        if planned is None or planned.written:
            answer = self._handed_on(request)
        return answer if planned is None else _broken(answer, planned)

    def _handed_on(self, request: Request) -> Answer:
        if not isinstance(self._upstream, str):
            return self._upstream(request)
        connection = HTTPConnection(urlsplit(self._upstream).netloc, timeout=30)
        connection.request(
            request.method, request.target, request.body or None, _end_to_end(request.headers)
        )
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return Answer(
            status=response.status, body=body, headers=_end_to_end(dict(response.getheaders()))
        )


def _end_to_end(headers: object) -> dict[str, str]:
    assert isinstance(headers, dict)
    return {name: text for name, text in headers.items() if name.lower() not in _PER_CONNECTION}


def _broken(answer: Answer, planned: Fault) -> Answer:
    if planned.answers:
        answer = Answer(status=planned.status or 200, body=(planned.body or "").encode())
    return replace(
        answer,
        headers={**answer.headers, **planned.headers},
        ending=planned.ending,
        delay=planned.delay,
    )
