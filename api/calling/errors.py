"""What a call may end with instead of an answer: one class for each way of going on."""

from __future__ import annotations

from typing import Final

from api.calling.words import Problem, Wrong


class ClientError(Exception):
    """A call without the answer that was wanted. `problem` says why; what it says most stands here too."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail or problem.title)
        self.problem = problem

    @property
    def code(self) -> str:
        """The stable word of this no, such as `needs-another-voice`."""
        return self.problem.code

    @property
    def status(self) -> int:
        """The HTTP status; 0 where no answer came."""
        return self.problem.status

    @property
    def errors(self) -> tuple[Wrong, ...]:
        """Every member of what was sent that is wrong, all at once."""
        return self.problem.errors

    @property
    def retryable(self) -> bool:
        """Whether the same call may do better later. The client has tried again by itself before it raised this."""
        return self.problem.retryable


class Malformed(ClientError):
    """What was sent is wrong in itself (400, 413, 415, 422): as it is, it will never be taken."""


class NotAllowed(ClientError):
    """The credential is none, or may never do this (401, 403)."""


class NotFound(ClientError):
    """Not there, or outside the credential's sight: told apart in nothing (404)."""


class RefusedByRule(ClientError):
    """A rule says no, for what the ledger holds or for who speaks; or the stream has moved (409, 412)."""


class LimitReached(ClientError):
    """This caller has asked too much and may come back, later than the client was willing to wait (429)."""


class Unavailable(ClientError):
    """The ledger could not answer now (502, 503, 504), or did not in all the time the client tried."""


class Unreachable(Unavailable):
    """No answer came: nobody was there, or the connection broke, however often it was tried."""


class Broken(ClientError):
    """The ledger failed, or whatever answered is no ledger."""


class RecordDiffers(ClientError):
    """The stored bytes of a fact are not what the receipt or the ledger's own hash says."""


BY_STATUS: Final[dict[int, type[ClientError]]] = {
    400: Malformed,
    401: NotAllowed,
    403: NotAllowed,
    404: NotFound,
    409: RefusedByRule,
    412: RefusedByRule,
    413: Malformed,
    415: Malformed,
    422: Malformed,
    429: LimitReached,
    502: Unavailable,
    503: Unavailable,
    504: Unavailable,
}


def error_for(problem: Problem) -> ClientError:
    """The error of a problem, by its status."""
    return BY_STATUS.get(problem.status, Broken)(problem)


def no_answer(code: str, detail: str) -> Unreachable:
    """The error where nothing came back."""
    return Unreachable(Problem(code=code, status=0, title="No answer came", detail=detail, retryable=True))


def no_ledger(status: int, detail: str) -> Broken:
    """The error for an answer that no ledger gives."""
    title = "This is no answer of a ledger"
    return Broken(Problem(code="unexpected-answer", status=status, title=title, detail=detail, retryable=False))
