"""The one exception by which a service refuses an action."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import Promise


class DomainError(Exception):
    """A refusal, as a sentence for the screen; ``code`` names it for tests, ``status`` is its HTTP status.

    The sentence never contains personal data.
    """

    status = 400

    def __init__(self, message: str | Promise, *, code: str = "refused") -> None:
        super().__init__(message)
        self.message = message
        self.code = code

    def __str__(self) -> str:
        return str(self.message)


class Conflict(DomainError):
    """The row has changed since it was loaded: another person was faster."""

    status = 409


class TooMany(DomainError):
    """A limit is reached; a later attempt may succeed."""

    status = 429
