"""One row that cannot be shown or processed is left out, counted and logged; the others continue.

Pages: ``each`` builds what is shown of rows, the template tag ``{% each %}`` and the table component show
it, and the shell says at the end of the page how many rows are missing. Tasks: ``Steps.one`` processes one
row in a transaction of its own. An error that concerns no single row is raised: a database that does not
answer, a page that does not exist or is not allowed.

The log names the row, the kind of the error and the place in the code, never a value.
"""

from __future__ import annotations

import logging
import traceback
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.db.models import Model
from django.http import Http404

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

logger = logging.getLogger(__name__)

Row = TypeVar("Row")
Made = TypeVar("Made")

GOES_THROUGH = (DatabaseError, InterfaceError, PermissionDenied, SuspiciousOperation, Http404)


@dataclass
class Count:
    """How many entries of a page were left out, and how many of them the page has reported."""

    left_out: int = 0
    told: int = 0


_count: ContextVar[Count | None] = ContextVar("portal_left_out", default=None)
_steps: ContextVar[Steps | None] = ContextVar("portal_steps", default=None)


@contextmanager
def counting() -> Iterator[Count]:
    """Count the entries left out in the block, which builds one response."""
    count = Count()
    token = _count.set(count)
    try:
        yield count
    finally:
        _count.reset(token)


def untold() -> int:
    """Return how many entries were left out since the last call; 0 outside of a request."""
    count = _count.get()
    if count is None:
        return 0
    number, count.told = count.left_out - count.told, count.left_out
    return number


def left_out(row: object, error: BaseException) -> None:
    """Count ``row`` as left out because of ``error``, and name both in the log."""
    count = _count.get()
    if count is not None:
        count.left_out += 1
    steps = _steps.get()
    if steps is not None:
        steps.left.append((name_of(row), type(error).__name__))
    what = f"{steps.task} left out" if steps is not None else "left out"
    logger.error("%s: %s: %s at %s", what, name_of(row), type(error).__name__, place_of(error))


def name_of(row: object) -> str:
    """Return a name of the row for the log, without any value of it.

    This is the model and the number of a row, the code of a rule, or the type of anything else.
    """
    parts = row if isinstance(row, tuple) else (row, getattr(row, "record", None))
    for part in parts:
        if isinstance(part, Model):
            return f"{part._meta.label} {part.pk}"
    first = parts[0] if parts else row
    # A to-do item or a card has the URL of its row; the query string may contain words, so it is cut off.
    address = str(getattr(first, "url", "")).partition("?")[0]
    name = getattr(first, "code", "") or getattr(first, "__name__", "") or type(first).__name__
    return f"{name} {address}".strip()


def place_of(error: BaseException) -> str:
    """Return where in the code an error occurred: file, line and function of the last two frames."""
    steps = traceback.extract_tb(error.__traceback__)[-2:]
    return " < ".join(f"{step.filename.rpartition('/')[2]}:{step.lineno} {step.name}" for step in reversed(steps))


@contextmanager
def sparing(row: object) -> Iterator[None]:
    """Run a block about one row of a page; if it fails, the row is left out."""
    try:
        yield
    except GOES_THROUGH:
        raise
    except Exception as error:
        left_out(row, error)


def each(rows: Iterable[Row], build: Callable[[Row], Made]) -> Iterator[Made]:
    """Yield ``build(row)`` for every row that can be built."""
    for row in rows:
        made = []
        with sparing(row):
            made.append(build(row))
        # Yielded outside the block, because an error in the caller's code is not the row's.
        yield from made


def of_each(rows: Iterable[Row], build: Callable[[Row], Iterable[Made]]) -> Iterator[Made]:
    """Yield everything that ``build(row)`` yields, for each row for which it finishes without an error."""
    for made in each(rows, lambda row: list(build(row))):
        yield from made


@dataclass
class Steps:
    """The result of a periodic task: the number of rows processed, and the rows left out.

    ``left`` holds pairs of the row's name and the kind of the error.
    """

    task: str
    done: int = 0
    left: list[tuple[str, str]] = field(default_factory=list)

    @contextmanager
    def one(self, row: object, through: tuple[type[BaseException], ...] = ()) -> Iterator[None]:
        """Process one row in its own transaction; if it fails, it is rolled back and the next row follows.

        An unreachable database or a lock that is not free is raised, as are the exceptions in ``through``, because they
        are no fault of the row.
        """
        passed_on: tuple[type[BaseException], ...] = (InterfaceError, OperationalError, *through)
        try:
            with transaction.atomic():
                yield
            self.done += 1
        except passed_on:
            raise
        except Exception as error:
            left_out(row, error)


@contextmanager
def stepping(task: str) -> Iterator[Steps]:
    """Record the rows that the block leaves out as left out by ``task``; yields the Steps."""
    steps = Steps(task)
    token = _steps.set(steps)
    try:
        yield steps
    finally:
        _steps.reset(token)
