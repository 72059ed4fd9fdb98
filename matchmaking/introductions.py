"""Calculation of matches: hard wishes, scores with reasons, the best set of introductions.

This module only computes and reads no database.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from scipy.optimize import linear_sum_assignment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    Marks = NDArray[np.bool_]

# Lowest value, highest value, and whether the wish is hard.
Bounds = tuple[int | None, int | None, bool]
# A code and its details.
Reason = tuple[str, tuple[int, ...]]
Man = TypeVar("Man")
Woman = TypeVar("Woman")

FULL, HALF = 50, 25
MOST_SHARED = 3
MOST_YEARS = 10
NEAR = {"county": 100, "city": 60}
# Weight of each fact if the reference data has none.
WEIGHTS = {"age": 20, "height": 5, "education": 10, "region": 15, "hobbies": 25, "near": 15, "years": 10}


@dataclass(frozen=True)
class Wish:
    """A wish about the other person: the fact, and the profile's fields for its bounds and hardness."""

    fact: str
    lowest: str
    highest: str
    hard: str


# The wishes with bounds; the fourth wish is the region, compared by the beginning of its code.
BOUNDS = (
    Wish("age", "wish_age_from", "wish_age_to", "wish_age_hard"),
    Wish("height", "wish_height_from", "wish_height_to", "wish_height_hard"),
    Wish("education", "wish_education", "", "wish_education_hard"),
)


@dataclass(frozen=True)
class Card:
    """The data of a person that are compared.

    ``age_wish``, ``height_wish`` and ``education_wish`` are (lowest, highest, hard), ``region_wish`` is (code, hard).
    """

    number: int
    sex: str
    age: int | None = None
    height: int | None = None
    education: int | None = None
    region: str = ""
    hobbies: frozenset[int] = frozenset()
    age_wish: Bounds = (None, None, False)
    height_wish: Bounds = (None, None, False)
    education_wish: Bounds = (None, None, False)
    region_wish: tuple[str, bool] = ("", False)


@dataclass(frozen=True)
class Score:
    """A score: ``points`` as summed up, ``percent`` of the maximum, ``reasons`` as (code, details)."""

    points: int
    percent: int
    reasons: tuple[Reason, ...]


def region_beginning(code: str) -> str:
    """Return the leading digits of all regions inside ``code``: 230000 -> 23, 230100 -> 2301."""
    if code.endswith("0000"):
        return code[:2]
    return code[:4] if code.endswith("00") else code


def regions_around(code: str) -> list[str]:
    """Return the codes of the regions around ``code`` and itself: 230102 -> 230000, 230100, 230102."""
    return sorted({f"{code[:2]}0000", f"{code[:4]}00", code}) if code else []


def fits(card: Card, other: Card, fact: str) -> bool | None:
    """Say whether ``other`` fits the wish of ``card`` about ``fact``; None if there is no wish.

    An unknown fact never fits.
    """
    if fact == "region":
        code, _hard = card.region_wish
        return other.region.startswith(region_beginning(code)) if code else None
    lowest, highest, _hard = getattr(card, f"{fact}_wish")
    if lowest is None and highest is None:
        return None
    value = getattr(other, fact)
    return value is not None and (lowest is None or value >= lowest) and (highest is None or value <= highest)


FACTS = ("age", "height", "education", "region")


def conflict(one: Card, two: Card) -> bool:
    """Say whether the two are never introduced: of the same sex, or a hard wish of either is not met."""
    if one.sex == two.sex:
        return True
    return any(
        getattr(card, f"{fact}_wish")[-1] and fits(card, other, fact) is False
        for card, other in ((one, two), (two, one))
        for fact in FACTS
    )


def score(one: Card, two: Card, weights: Mapping[str, int] | None = None) -> Score | None:
    """Return the Score of two people, in whichever order; None if a hard wish rules them out."""
    if conflict(one, two):
        return None
    weights = weights or WEIGHTS
    reasons: list[Reason] = []
    points: dict[str, int] = {}
    for fact in FACTS:
        found = (fits(one, two, fact), fits(two, one, fact))
        points[fact] = sum(HALF if fit is None else FULL * fit for fit in found)
        if True in found and False not in found:
            reasons.append((f"{fact}_wish", ()))
    shared = sorted(one.hobbies & two.hobbies)
    points["hobbies"] = min(len(shared), MOST_SHARED) * 100 // MOST_SHARED
    if shared:
        reasons.insert(0, ("hobbies", tuple(shared)))
    near = _near(one.region, two.region)
    points["near"] = NEAR.get(near, 0)
    if near:
        reasons.append((f"near_{near}", ()))
    years = None if one.age is None or two.age is None else abs(one.age - two.age)
    points["years"] = 0 if years is None else 100 - 100 // MOST_YEARS * min(years, MOST_YEARS)
    total = sum(weights.get(key, 0) * value for key, value in points.items())
    return Score(total, total // max(sum(weights.get(key, 0) for key in points), 1), tuple(reasons))


def _near(one: str, two: str) -> str:
    if not one or not two:
        return ""
    return "county" if one == two else "city" if one[:4] == two[:4] else ""


def score_matrix(
    men: Sequence[Card], women: Sequence[Card], weights: Mapping[str, int] | None = None
) -> NDArray[np.int32]:
    """Return the points of every man with every woman, or -1 if a hard wish rules the couple out."""
    weights = weights or WEIGHTS
    points = np.zeros((len(men), len(women)), dtype=np.int32)
    barred = np.zeros(points.shape, dtype=bool)
    for fact in FACTS:
        weight = weights.get(fact, 0)
        for own, others, view, bars in ((men, women, points, barred), (women, men, points.T, barred.T)):
            fit, wished, hard = _fits_all(own, others, fact)
            view += np.where(wished, 0, HALF * weight).astype(np.int32)[:, None]
            np.add(view, FULL * weight, out=view, where=fit & wished[:, None])
            strict = np.flatnonzero(hard & wished)
            bars[strict] |= ~fit[strict]
    names = sorted({hobby for card in (*men, *women) for hobby in card.hobbies})
    shared = np.minimum(_has(men, names) @ _has(women, names).T, MOST_SHARED).astype(np.int8)
    gains = np.arange(MOST_SHARED + 1, dtype=np.int32) * 100 // MOST_SHARED * weights.get("hobbies", 0)
    points += gains[shared]
    mine, theirs = (np.array([int(card.region or 0) for card in side], dtype=np.int32) for side in (men, women))
    for part, key in ((100, "city"), (1, "county")):
        # People in the same county are in the same city: the county adds the remaining points.
        gain = NEAR[key] - (NEAR["city"] if key == "county" else 0)
        close = ((mine // part)[:, None] == (theirs // part)[None, :]) & (mine > 0)[:, None]
        np.add(points, gain * weights.get("near", 0), out=points, where=close)
    ages = [np.array([-1 if card.age is None else card.age for card in side], dtype=np.int16) for side in (men, women)]
    apart = np.minimum(np.abs(ages[0][:, None] - ages[1][None, :]), MOST_YEARS)
    gains = (100 - 100 // MOST_YEARS * np.arange(MOST_YEARS + 1, dtype=np.int32)) * weights.get("years", 0)
    known = (ages[0] >= 0)[:, None] & (ages[1] >= 0)[None, :]
    np.add(points, gains[apart], out=points, where=known)
    points[barred] = -1
    return points


def _fits_all(own: Sequence[Card], others: Sequence[Card], fact: str) -> tuple[Marks, Marks, Marks]:
    """Return arrays: who of ``others`` fits whom of ``own``, who of ``own`` has a wish, whose is hard."""
    if fact == "region":
        wanted = [region_beginning(card.region_wish[0]) for card in own]
        codes = sorted({card.region for card in others})
        place = np.array([codes.index(card.region) for card in others], dtype=np.int32)
        begins = {begin: np.array([code.startswith(begin) for code in codes], dtype=bool) for begin in set(wanted)}
        fit = np.array([begins[begin][place] for begin in wanted], dtype=bool).reshape(len(own), len(others))
        wished = np.array([bool(begin) for begin in wanted], dtype=bool)
        return fit, wished, np.array([card.region_wish[1] for card in own], dtype=bool)
    wishes = [getattr(card, f"{fact}_wish") for card in own]
    lowest = np.array([-np.inf if low is None else low for low, _high, _hard in wishes], dtype=np.float32)
    highest = np.array([np.inf if high is None else high for _low, high, _hard in wishes], dtype=np.float32)
    known = [getattr(card, fact) for card in others]
    facts = np.array([np.nan if value is None else value for value in known], dtype=np.float32)
    fit = (facts[None, :] >= lowest[:, None]) & (facts[None, :] <= highest[:, None])
    wished = np.array([low is not None or high is not None for low, high, _hard in wishes], dtype=bool)
    return fit, wished, np.array([hard for _low, _high, hard in wishes], dtype=bool)


def _has(cards: Sequence[Card], names: Sequence[int]) -> NDArray[np.float32]:
    places = {name: place for place, name in enumerate(names)}
    found = np.zeros((len(cards), len(names)), dtype=np.float32)
    for row, card in enumerate(cards):
        for hobby in card.hobbies:
            found[row, places[hobby]] = 1
    return found


def best_introductions(men: Sequence[Man], women: Sequence[Woman], scores: ArrayLike) -> list[tuple[Man, Woman, int]]:
    """Return the pairs (man, woman, points) with the highest sum of points, each person in one at most.

    ``scores`` has one row per man and one column per woman; a negative entry is never a pair, so some people may stay
    without one.
    """
    if not len(men) or not len(women):
        return []
    values = np.asarray(scores)
    rows, columns = linear_sum_assignment(np.maximum(values, 0), maximize=True)
    chosen = zip(rows.tolist(), columns.tolist(), strict=True)
    return [(men[row], women[column], int(values[row, column])) for row, column in chosen if values[row, column] >= 0]
