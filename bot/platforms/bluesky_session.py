"""Who is logged in on a PDS: opened when it is needed, renewed before it ends, kept over restarts.

Logins are rationed, 30 in five minutes and 300 a day for an account, while renewing is not. So the
token that renews is handed out to be kept, sealed by the app password: what is kept is worth
nothing without it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.platforms.answers import discreet, unasked, unclear
from bot.platforms.base import Outcome, Phase, RefusedError
from bot.platforms.bluesky_answers import is_over, is_stale, not_told
from bot.platforms.bluesky_client import BlueskyClient
from bot.platforms.http import Departure, Reply
from bot.platforms.seal import Seal

AGE = 60 * 60.0
"""Seconds after which a session is refreshed: its access token is good for two hours."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """Who is logged in, and by what. Tokens are secrets."""

    did: str
    handle: str
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    since: float  #: by the clock of the event loop

    @property
    def headers(self) -> dict[str, str]:
        return _bearer(self.access)


class Login:
    """One account's session on one PDS, and the questions asked by it."""

    def __init__(
        self,
        client: BlueskyClient,
        *,
        handle: str,
        password: str,
        host: str,
        now: Callable[[], datetime],
        sealed: str | None = None,
        keep: Callable[[str], None] | None = None,
    ) -> None:
        """`sealed`: what `keep` was last given. `keep` is called in the event loop."""
        self._client = client
        self._handle = handle
        self._password = password
        self._host = host
        self._now = now
        self._sealed = sealed
        self._keep = keep
        self._seal: Seal | None = None
        self._session: Session | None = None
        self._token: str | None = None  # the one that renews
        self._opening = asyncio.Lock()

    async def session(self) -> Session:
        """One that is fresh enough for a try. Raises RefusedError."""
        async with self._opening:
            if self._session is None or _time() - self._session.since > AGE:
                await self._unseal()
                self._session = await self._renewed() or await self._logged_in()
                self._token = self._session.refresh
                if self._seal is not None and self._keep is not None:
                    self._keep(self._seal.closed(self._token))
            return self._session

    def doubt(self, session: Session, reply: Reply) -> None:
        """Renew a session before its next use, where an answer says that it is not taken."""
        if is_stale(reply) and self._session is session:
            self._session = replace(session, since=_time() - AGE - 1)

    async def ask(
        self, question: Awaitable[object], phase: Phase, session: Session | None = None
    ) -> Reply:
        """The answer to a question. Raises RefusedError."""
        return self.heard(*await called(question), phase, session)

    def heard(
        self,
        failure: Exception | None,
        departure: Departure,
        phase: Phase,
        session: Session | None = None,
    ) -> Reply:
        """The answer to a question asked with a session, or without. Raises RefusedError."""
        if (reply := departure.reply) is None:
            outcome = unasked("Bluesky", failure or TimeoutError(), phase)
        elif reply.ok:
            return reply
        else:
            outcome = not_told(reply, self._now(), phase=phase)
            if session is not None:
                self.doubt(session, reply)
        raise RefusedError(self.discreet(outcome))

    def discreet(self, outcome: Outcome) -> Outcome:
        return discreet(outcome, self.secrets())

    def secrets(self) -> list[str]:
        access = None if self._session is None else self._session.access
        return [one for one in (self._password, self._token, access) if one]

    async def _unseal(self) -> None:
        """Make the seal, where anything is kept, and open what was: once."""
        if self._seal is None and (self._sealed or self._keep):
            place = (self._handle.lower(), self._host)
            self._seal = await asyncio.to_thread(Seal, self._password, *place)
            self._token = self._seal.opened(self._sealed or "")

    async def _renewed(self) -> Session | None:
        """A session by the token there is; None where only the password helps.

        Raises RefusedError where nobody knows: the token may be as good as before.
        """
        if self._token is None:
            return None
        failure, departure = await called(self._client.refresh(_bearer(self._token)))
        if departure.reply is not None and is_over(departure.reply):
            self._token = None
            return None
        return self._session_of(self.heard(failure, departure, Phase.AUTH))

    async def _logged_in(self) -> Session:
        asked = self._client.login(self._handle, self._password)
        return self._session_of(await self.ask(asked, Phase.AUTH))

    def _session_of(self, reply: Reply) -> Session:
        match reply.json():
            case {
                "did": str(did),
                "handle": str(handle),
                "accessJwt": str(access),
                "refreshJwt": str(refresh),
            } if did:
                return Session(
                    did=did, handle=handle, access=access, refresh=refresh, since=_time()
                )
        what = "Bluesky did not say whose the password is"
        raise RefusedError(unclear(what, reply, Phase.AUTH))


async def called(
    question: Awaitable[object], check: Callable[[], None] = lambda: None
) -> tuple[Exception | None, Departure]:
    """What came of a call, whatever it raised."""
    with Departure(check) as departure:
        try:
            await question
        except Exception as error:  # noqa: BLE001 - anything at all is an outcome
            return error, departure
    return None, departure


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _time() -> float:
    return asyncio.get_running_loop().time()
