"""Numbers beside menu entries, kept in the session for a short time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

NUMBERS = "numbers"
NUMBER_SECONDS = 30


def remembered(request: HttpRequest, name: str, count: Callable[[], int], *, fresh: bool = False) -> int:
    """Return the number beside a menu entry.

    It is counted at most every half minute and after each action of the person. It is stored in the person's session,
    so that a page does not ask every app again; ``fresh`` counts it anew.
    """
    now = int(time.time())
    kept: dict[str, tuple[int, int]] = request.session.get(NUMBERS, {})
    if not fresh and now - kept.get(name, (0, 0))[1] < NUMBER_SECONDS:
        return kept[name][0]
    number = count()
    request.session[NUMBERS] = {**kept, name: (number, now)}
    return number


def forget(request: HttpRequest) -> None:
    """Forget the numbers, so that the next page counts again: the person has done something."""
    if NUMBERS in request.session:
        del request.session[NUMBERS]
