"""The result of an inspection from its scores: pure calculation.

Points are weighted and added up. Items that do not apply, and optional items without an answer, count neither in the
total nor in the maximum. A veto item that is not met fails the inspection whatever the points.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CENT = Decimal("0.01")
ZERO = Decimal(0)


@dataclass(frozen=True)
class Item:
    """An item of a rubric: at most ``points`` whole points, each worth ``weight``.

    An item is answered by yes or no if it is a veto or has no points. ``required`` items need an answer and always
    apply.
    """

    number: int
    group: str
    points: int
    weight: Decimal = Decimal(1)
    required: bool = True
    veto: bool = False

    @property
    def by_yes_or_no(self) -> bool:
        return self.veto or self.points == 0


@dataclass(frozen=True)
class Mark:
    """The answer to an item; ``points`` and ``met`` are None where there is no answer or the item does not apply."""

    points: int | None = None
    met: bool | None = None
    applies: bool = True

    @property
    def is_given(self) -> bool:
        """Return whether the item is answered."""
        return not self.applies or self.met is not None


@dataclass(frozen=True)
class Grade:
    """A grade that is reached with a share of at least ``least`` percent of the maximum."""

    least: int
    name: str


@dataclass(frozen=True)
class Part:
    """Total and maximum of one group of items, in weighted points."""

    group: str
    total: Decimal
    maximum: Decimal

    @property
    def share(self) -> Decimal | None:
        return share_of(self.total, self.maximum)


@dataclass(frozen=True)
class Result:
    """The result: weighted points, the share in percent, the grade, and the numbers of vetoes and missing items.

    ``share`` is None where no item counts; it is rounded down, so that the number shown reaches a grade only if the
    exact share does. ``grade`` is "" below the lowest grade and after a veto.
    """

    total: Decimal
    maximum: Decimal
    share: Decimal | None
    grade: str
    vetoes: tuple[int, ...]
    missing: tuple[int, ...]
    parts: tuple[Part, ...]

    @property
    def passed(self) -> bool:
        """Return whether no veto applies and no required item is missing."""
        return not self.vetoes and not self.missing


def share_of(total: Decimal, maximum: Decimal) -> Decimal | None:
    """Return ``total`` in percent of ``maximum`` with two decimals, rounded down; None if the maximum is 0."""
    return (total * 100 / maximum).quantize(CENT, ROUND_DOWN) if maximum else None


def mark_for(item: Item, *, points: int | None = None, met: bool | None = None, applies: bool = True) -> Mark:
    """Return the mark for an answer as it was given; ValueError for an answer that the item does not take.

    The answer yes gives all points of the item, no gives none; an item with points is met if it has all of them. The
    text of the error is "required", "points" or "yes-or-no".
    """
    if not applies:
        if item.required:
            raise ValueError("required")
        return Mark(applies=False)
    if item.by_yes_or_no:
        if points is not None:
            raise ValueError("yes-or-no")
        return Mark() if met is None else Mark(item.points if met else 0, met)
    if met is not None:
        raise ValueError("points")
    if points is None:
        return Mark()
    if not 0 <= points <= item.points:
        raise ValueError("points")
    return Mark(points, points == item.points)


def judge(items: Iterable[Item], marks: Mapping[int, Mark], grades: Iterable[Grade]) -> Result:
    """Return the result of ``marks`` by item number; the order of ``items`` and ``grades`` does not matter."""
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    vetoes, missing = [], []
    for item in sorted(items, key=lambda one: one.number):
        mark = marks.get(item.number, Mark())
        total, maximum = sums.setdefault(item.group, (ZERO, ZERO))
        if item.required and (not mark.is_given or not mark.applies):
            missing.append(item.number)
        if mark.applies and mark.met is not None:
            sums[item.group] = (total + (mark.points or 0) * item.weight, maximum + item.points * item.weight)
            if item.veto and not mark.met:
                vetoes.append(item.number)
    parts = tuple(Part(group, total, maximum) for group, (total, maximum) in sums.items())
    total = sum((part.total for part in parts), ZERO)
    maximum = sum((part.maximum for part in parts), ZERO)
    reached = [grade for grade in grades if maximum and total * 100 >= grade.least * maximum]
    grade = max(reached, key=lambda one: one.least).name if reached and not vetoes else ""
    return Result(total, maximum, share_of(total, maximum), grade, tuple(vetoes), tuple(missing), parts)
