"""The one exception a service refuses with."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import Promise


class DomainError(Exception):
    """A refusal in a sentence for the screen; ``code`` names it for tests, ``status`` is its HTTP answer.

    The sentence never holds personal data.
    """

    status = 400

    def __init__(self, message: str | Promise, *, code: str = "refused") -> None:
        super().__init__(message)
        self.message = message
        self.code = code

    def __str__(self) -> str:
        return str(self.message)


class Conflict(DomainError):
    """The row has moved on since it was loaded: another person was faster."""

    status = 409


class TooMany(DomainError):
    """A limit is reached; later it may go."""

    status = 429
