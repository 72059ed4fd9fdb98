"""Public draw of places in several offerings: the frozen list, its hash, the order of turns and the places.

The list is frozen and its hash published before the seed exists; the seed then comes from a public source. List, seed
and withdrawn numbers decide everything else, so anybody can repeat the draw (``draw_check.py`` is a second
implementation for that). The order of turns depends on the seed, so the withdrawn numbers must be settled before it
is known. Pure calculation: applications are numbers here, and no name is known.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import StrEnum
from math import comb
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence, Set

FORMAT = 1
# SHA-256 has no more bits, so a longer seed adds nothing.
HASH_BITS = 256
DECIMAL_DIGITS = frozenset("0123456789")
HEX_DIGITS = frozenset("0123456789abcdefABCDEF")


class ListFault(StrEnum):
    """Why a list cannot be frozen."""

    NUMBER_TWICE = "number-twice"
    NUMBER_BELOW_1 = "number-below-1"
    PRIORITY_BELOW_1 = "priority-below-1"
    NO_WISH = "no-wish"
    WISH_UNKNOWN = "wish-unknown"
    WISH_TWICE = "wish-twice"
    GROUP_TOO_SMALL = "group-too-small"
    GROUP_WISHES_DIFFER = "group-wishes-differ"
    GROUP_PRIORITIES_DIFFER = "group-priorities-differ"
    CAPACITY_NEGATIVE = "capacity-negative"


class ResultFault(StrEnum):
    """What a result of a draw breaks."""

    ORDER_DIFFERS = "order-differs"
    UNKNOWN_NUMBER = "unknown-number"
    MISSING = "missing"
    TWICE = "twice"
    SKIPPED_WRONGLY = "skipped-wrongly"
    NOT_WISHED = "not-wished"
    WAITING_INCOMPLETE = "waiting-incomplete"
    WAITING_ORDER = "waiting-order"
    OVER_CAPACITY = "over-capacity"
    GROUP_SPLIT = "group-split"
    BETTER_WISH_OPEN = "better-wish-open"
    EARLIER_TURN_PASSED_OVER = "earlier-turn-passed-over"
    HIGHER_CLASS_PASSED_OVER = "higher-class-passed-over"
    PLACE_LEFT_FREE = "place-left-free"


@dataclass(frozen=True)
class Fault:
    """A fault of a list or of a result, with the numbers of the applications and the offering it concerns, if any."""

    code: ListFault | ResultFault
    numbers: tuple[int, ...] = ()
    offering: str = ""


@dataclass(frozen=True)
class Entry:
    """An application in the draw.

    ``number`` is its public number, from 1; ``priority`` 1 is the first class; ``wishes`` are codes of offerings, best
    first. Siblings share a ``group``: they get places in the same offering or none. 0 is no group.
    """

    number: int
    priority: int
    wishes: tuple[str, ...]
    group: int = 0


@dataclass(frozen=True)
class DrawList:
    """What is frozen: the places of each offering by its code, and the applications in any order."""

    capacity: Mapping[str, int]
    entries: Sequence[Entry]

    def faults(self) -> list[Fault]:
        """Return why the list cannot be frozen; an empty list when it can."""
        return [*self._faults_of_offerings(), *self._faults_of_entries(), *self._faults_of_groups()]

    def _faults_of_offerings(self) -> Iterator[Fault]:
        for code, places in sorted(self.capacity.items()):
            if places < 0:
                yield Fault(ListFault.CAPACITY_NEGATIVE, (), code)

    def _faults_of_entries(self) -> Iterator[Fault]:
        times = Counter(entry.number for entry in self.entries)
        for number in sorted(number for number, count in times.items() if count > 1):
            yield Fault(ListFault.NUMBER_TWICE, (number,))
        for entry in sorted(self.entries, key=lambda one: one.number):
            who = (entry.number,)
            if entry.number < 1:
                yield Fault(ListFault.NUMBER_BELOW_1, who)
            if entry.priority < 1:
                yield Fault(ListFault.PRIORITY_BELOW_1, who)
            if not entry.wishes:
                yield Fault(ListFault.NO_WISH, who)
            for code, count in sorted(Counter(entry.wishes).items()):
                if code not in self.capacity:
                    yield Fault(ListFault.WISH_UNKNOWN, who, code)
                if count > 1:
                    yield Fault(ListFault.WISH_TWICE, who, code)

    def _faults_of_groups(self) -> Iterator[Fault]:
        groups: defaultdict[int, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            if entry.group:
                groups[entry.group].append(entry)
        for _group, members in sorted(groups.items()):
            numbers = tuple(sorted(entry.number for entry in members))
            if len(members) < 2:
                yield Fault(ListFault.GROUP_TOO_SMALL, numbers)
            if len({entry.wishes for entry in members}) > 1:
                yield Fault(ListFault.GROUP_WISHES_DIFFER, numbers)
            if len({entry.priority for entry in members}) > 1:
                yield Fault(ListFault.GROUP_PRIORITIES_DIFFER, numbers)


@dataclass(frozen=True)
class Result:
    """The result of a draw.

    ``order`` has all numbers in the order of turns, those of one group side by side; ``admitted`` maps numbers to codes
    of offerings; ``waiting`` maps each code to the numbers that wait for it, in the order of turns; ``skipped`` are the
    withdrawn numbers, ascending.
    """

    order: tuple[int, ...]
    admitted: Mapping[int, str]
    waiting: Mapping[str, tuple[int, ...]]
    skipped: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Unit:
    """A group, or an entry alone: what takes one turn. ``numbers`` ascend."""

    numbers: tuple[int, ...]
    priority: int
    wishes: tuple[str, ...]


def _as_json(draw_list: DrawList) -> dict[str, object]:
    """Return the list as it is hashed and published. Raises ValueError for a list with faults."""
    faults = draw_list.faults()
    if faults:
        raise ValueError(f"The list has faults and cannot be frozen: {faults[:5]}")
    entries = sorted(draw_list.entries, key=lambda entry: entry.number)
    return {
        "capacity": dict(sorted(draw_list.capacity.items())),
        "entries": [
            {"number": one.number, "priority": one.priority, "wishes": list(one.wishes), "group": one.group}
            for one in entries
        ],
    }


def canonical(draw_list: DrawList) -> str:
    """Return the text that is hashed: JSON in ASCII, keys sorted, no spaces, entries sorted by number.

    The order of the input makes no difference. Raises ValueError for a list with faults.
    """
    return json.dumps(_as_json(draw_list), sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def list_hash(draw_list: DrawList) -> str:
    """Return the hash to publish at the freeze: SHA-256 of the canonical text, 64 lower-case hexadecimal digits."""
    return _sha256(canonical(draw_list))


def draw_key(frozen_hash: str, seed: str, number: int) -> str:
    """Return the key that a number draws; within a class, the smaller key takes its turn first."""
    return _sha256(f"{frozen_hash}:{seed}:{number}")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def seed_is_plain(seed: str) -> bool:
    """Return whether everybody types ``seed`` the same way: printable ASCII, no space at the ends, not empty.

    A full-width 7 or a trailing space looks the same on paper and gives another draw; ``draw`` refuses it.
    """
    return bool(seed) and seed.isascii() and seed.isprintable() and seed == seed.strip()


def draw(draw_list: DrawList, seed: str, withdrawn: Set[int] = frozenset()) -> Result:
    """Return the places and the waiting lists that follow from a list and a seed.

    Turns follow class, key and number; a group has the key of its smallest number. In its turn, a unit (a group or an
    entry alone) takes the first of its wishes with room for all of its members; without one, it waits for each of its
    wishes. A withdrawn number changes nobody's turn: it is skipped, and the rest of its group goes on without it.

    Raises ValueError for a list with faults, a seed that is not plain, and a withdrawn number that is not on the list.
    """
    if not seed_is_plain(seed):
        raise ValueError("A seed is printable ASCII without spaces at its ends.")
    turns = _turns(draw_list, seed)
    order = tuple(number for unit in turns for number in unit.numbers)
    strange = sorted(withdrawn - set(order))
    if strange:
        raise ValueError(f"Withdrawn numbers that are not on the list: {strange}")
    free = dict(draw_list.capacity)
    admitted: dict[int, str] = {}
    waiting: dict[str, list[int]] = {code: [] for code in free}
    for unit in turns:
        going = [number for number in unit.numbers if number not in withdrawn]
        place = next((code for code in unit.wishes if free[code] >= len(going)), None)
        if place is not None:
            free[place] -= len(going)
            admitted |= dict.fromkeys(going, place)
            continue
        for code in unit.wishes:
            waiting[code] += going
    return Result(order, admitted, {code: tuple(line) for code, line in waiting.items()}, tuple(sorted(withdrawn)))


def _turns(draw_list: DrawList, seed: str) -> list[_Unit]:
    frozen = list_hash(draw_list)
    members: defaultdict[tuple[str, int], list[Entry]] = defaultdict(list)
    for entry in sorted(draw_list.entries, key=lambda one: one.number):
        members["group" if entry.group else "alone", entry.group or entry.number].append(entry)
    units = [_Unit(tuple(one.number for one in unit), unit[0].priority, unit[0].wishes) for unit in members.values()]
    return sorted(units, key=lambda unit: (unit.priority, draw_key(frozen, seed, unit.numbers[0]), unit.numbers[0]))


def bits_needed(applicants: int, places: int) -> int:
    """Return how many bits a seed needs so that each choice of ``places`` from ``applicants`` can come out.

    The smallest whole number not below log2 of C(applicants, places) (RFC 3797, section 3.3); 0 when there is nothing
    to choose.
    """
    if not 0 < places < applicants:
        return 0
    return (comb(applicants, places) - 1).bit_length()


def seed_bits(seed: str) -> int:
    """Return how many bits a seed of this form can have at most, rounded down.

    A seed of hexadecimal digits with at least one letter has 4 bits a digit. In any other seed only the decimal digits
    count, log2(10) bits each: six digits have 19 (of 19.93). The form says nothing about chance: eight digits of a date
    are known to everybody beforehand and have no bits at all.
    """
    if HEX_DIGITS.issuperset(seed) and not DECIMAL_DIGITS.issuperset(seed):
        return 4 * len(seed)
    digits = sum(character in DECIMAL_DIGITS for character in seed)
    return int((10**digits).bit_length()) - 1


def seed_is_long_enough(seed: str, applicants: int, places: int) -> bool:
    """Return whether ``seed`` has the bits that the draw needs; more than 256 are never needed."""
    return seed_bits(seed) >= min(bits_needed(applicants, places), HASH_BITS)


def published(draw_list: DrawList, seed: str, result: Result, withdrawn: Set[int] = frozenset()) -> dict[str, object]:
    """Return the public file of a draw, to be written as JSON: numbers and codes only, as ``draw_check.py`` reads it.

    ``admitted`` maps numbers, as texts, to codes of offerings; ``waiting`` maps each code to its waiting list.
    """
    return {
        "format": FORMAT,
        "list": _as_json(draw_list),
        "hash": list_hash(draw_list),
        "seed": seed,
        "withdrawn": sorted(withdrawn),
        "admitted": {str(number): code for number, code in sorted(result.admitted.items())},
        "waiting": {code: list(line) for code, line in sorted(result.waiting.items())},
    }


def broken_promises(draw_list: DrawList, seed: str, result: Result, withdrawn: Set[int] = frozenset()) -> list[Fault]:
    """Return what ``result`` breaks of the promises of a draw; an empty list when it keeps them all.

    Repeats nothing that ``draw`` does: each promise is looked at on its own, in the places as they are given.
    """
    return _Judge(draw_list, seed, result, withdrawn).faults()


class _Judge:
    """Looks at a result as a stranger does: from the entries, the keys and the places given."""

    def __init__(self, draw_list: DrawList, seed: str, result: Result, withdrawn: Set[int]) -> None:
        self.capacity = draw_list.capacity
        self.result = result
        self.withdrawn = withdrawn
        self.entries = {entry.number: entry for entry in draw_list.entries}
        self.lines: defaultdict[int, list[str]] = defaultdict(list)
        for code, line in result.waiting.items():
            for number in line:
                self.lines[number].append(code)
        smallest: dict[int, int] = {}
        for number, entry in sorted(self.entries.items()):
            smallest.setdefault(entry.group, number)
        frozen = list_hash(draw_list)
        self.turn: dict[int, tuple[int, str, int]] = {}
        self.going: defaultdict[int, list[int]] = defaultdict(list)
        for number, entry in sorted(self.entries.items()):
            first = smallest[entry.group] if entry.group else number
            self.turn[number] = (entry.priority, draw_key(frozen, seed, first), first)
            if number not in withdrawn:
                self.going[first].append(number)

    def faults(self) -> list[Fault]:
        return [*self._of_order(), *self._of_numbers(), *self._of_offerings(), *self._of_groups(), *self._of_turns()]

    def _of_order(self) -> Iterator[Fault]:
        if list(self.result.order) != sorted(self.turn, key=lambda number: (self.turn[number], number)):
            yield Fault(ResultFault.ORDER_DIFFERS)

    def _of_numbers(self) -> Iterator[Fault]:
        """Each frozen number is exactly once admitted, waiting for all of its wishes, or skipped."""
        admitted, skipped = self.result.admitted, Counter(self.result.skipped)
        for number in sorted({*admitted, *self.lines, *skipped, *self.withdrawn} - set(self.entries)):
            yield Fault(ResultFault.UNKNOWN_NUMBER, (number,))
        for number, entry in sorted(self.entries.items()):
            lines = self.lines.get(number, [])
            times = (number in admitted) + bool(lines) + skipped[number]
            if not times:
                yield Fault(ResultFault.MISSING, (number,))
            if times > 1 or len(lines) > len(set(lines)):
                yield Fault(ResultFault.TWICE, (number,))
            if bool(skipped[number]) != (number in self.withdrawn):
                yield Fault(ResultFault.SKIPPED_WRONGLY, (number,))
            if lines and not set(entry.wishes).issubset(lines):
                yield Fault(ResultFault.WAITING_INCOMPLETE, (number,))
            for code in sorted({*lines, *([admitted[number]] if number in admitted else [])} - set(entry.wishes)):
                yield Fault(ResultFault.NOT_WISHED, (number,), code)

    def _of_offerings(self) -> Iterator[Fault]:
        inside: defaultdict[str, list[int]] = defaultdict(list)
        for number, code in sorted(self.result.admitted.items()):
            inside[code].append(number)
        for code, numbers in sorted(inside.items()):
            if len(numbers) > self.capacity.get(code, 0):
                yield Fault(ResultFault.OVER_CAPACITY, tuple(numbers), code)
        for code, line in sorted(self.result.waiting.items()):
            known = [number for number in line if number in self.turn]
            if known != sorted(known, key=lambda number: (self.turn[number], number)):
                yield Fault(ResultFault.WAITING_ORDER, (), code)

    def _of_groups(self) -> Iterator[Fault]:
        for _first, members in sorted(self.going.items()):
            if len({self.result.admitted.get(number) for number in members}) > 1:
                yield Fault(ResultFault.GROUP_SPLIT, tuple(members))

    def _of_turns(self) -> Iterator[Fault]:
        """Nobody is passed over, and each unit has the best wish with room at its turn.

        A unit that did not fit in its turn is not passed over: a single place that two siblings cannot share may go to
        a later turn or to a lower class. For a group that is split, the best place of its members counts.
        """
        admitted = {number: code for number, code in self.result.admitted.items() if number in self.turn}
        taken, by_class = Counter(admitted.values()), Counter((code, self.turn[n][0]) for n, code in admitted.items())
        last = {code: max(self.turn[n] for n, got in admitted.items() if got == code) for code in taken}
        earlier: Counter[str] = Counter()
        for first in sorted(self.going, key=self.turn.__getitem__):
            members, turn, wishes = self.going[first], self.turn[first], self.entries[first].wishes
            got = [wishes.index(admitted[n]) for n in members if admitted.get(n) in wishes]
            # Without a place, each of the wishes was wanted more.
            for code in wishes[: min(got, default=len(wishes))]:
                room = self.capacity[code] - len(members)
                if earlier[code] <= room:
                    if got:
                        yield Fault(ResultFault.BETTER_WISH_OPEN, tuple(members), code)
                    if code in last and last[code] > turn:
                        yield Fault(ResultFault.EARLIER_TURN_PASSED_OVER, tuple(members), code)
                at_or_above = sum(count for (at, level), count in by_class.items() if at == code and level <= turn[0])
                if at_or_above < taken[code] and at_or_above <= room:
                    yield Fault(ResultFault.HIGHER_CLASS_PASSED_OVER, tuple(members), code)
                if not got and taken[code] <= room:
                    yield Fault(ResultFault.PLACE_LEFT_FREE, tuple(members), code)
            earlier.update(admitted[n] for n in members if n in admitted)
