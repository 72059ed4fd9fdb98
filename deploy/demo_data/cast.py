"""All people of the demo: staff with their duties, singles of the rosters, volunteer matchmakers."""

import csv
import random
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from deploy.demo_data.cities import LOGINS, cities
from deploy.demo_data.people import FEMALE, MALE, People, Person
from deploy.demo_data.units import HARBIN, Unit, harbin_units, other_units, sizes

SEED = 20260923
REGIONS = Path(__file__).resolve().parents[2] / "portal" / "organizations" / "data" / "regions.csv"
PASSWORD = "Bingcheng-Yunduan-58"  # noqa: S105 - the demo shows it to everyone

SINGLES = 588
NEWCOMERS = 60
ELSEWHERE = 48
VOLUNTEERS = 33
PROVINCE, QIQIHAR, DAOLI, MUDANJIANG, NINGAN = "230000", "230200", "230102", "231000", "231084"
LONGSHA = "230202"
# The codes of the cities; the city of the journey comes first.
CITIES = (HARBIN, *LOGINS)
FIRST_UNIT = "first unit of "

# Login name, role, place: the code of a region, or the first unit of a city. One of each role and level.
STAFF = (
    ("sheng-zhuxi", "chair", PROVINCE),
    ("sheng-ganbu", "cadre", PROVINCE),
    ("shi-shenhe", "chair", HARBIN),
    ("shi-ganbu", "cadre", HARBIN),
    ("shi-fuhe", "reviewer", HARBIN),
    ("shi-hunlian", "matchmaking_officer", HARBIN),
    ("shi-bianji", "editor", HARBIN),
    ("xian-zhuxi", "chair", DAOLI),
    ("xian-ganbu", "cadre", DAOLI),
    ("jiceng-zhuxi", "chair", FIRST_UNIT + HARBIN),
    ("jiceng-ganbu", "cadre", FIRST_UNIT + HARBIN),
    ("qiqihar-zhuxi", "chair", QIQIHAR),
    ("qiqihar-ganbu", "cadre", QIQIHAR),
    ("sys-admin", "system_administrator", PROVINCE),
    ("sec-admin", "security_administrator", PROVINCE),
    ("audit-admin", "audit_administrator", PROVINCE),
)
# Chair and cadre of each other city, and staff below two of these cities.
STAFF_ELSEWHERE = (
    *(
        (f"{login}-{post}", role, code)
        for code, login in LOGINS.items()
        if code != QIQIHAR
        for post, role in (("zhuxi", "chair"), ("ganbu", "cadre"))
    ),
    ("longsha-zhuxi", "chair", LONGSHA),
    ("longsha-ganbu", "cadre", LONGSHA),
    ("qiqihar-jiceng", "chair", FIRST_UNIT + QIQIHAR),
    ("mudanjiang-hunlian", "matchmaking_officer", MUDANJIANG),
    ("ningan-zhuxi", "chair", NINGAN),
    ("ningan-ganbu", "cadre", NINGAN),
    ("mudanjiang-jiceng", "cadre", FIRST_UNIT + MUDANJIANG),
)


@dataclass(frozen=True)
class Staff:
    """A member of staff: the login name, the role and where it is held."""

    person: Person
    login_name: str
    role: str
    place: str


@dataclass(frozen=True)
class Single:
    """A person on a unit's roster."""

    person: Person
    unit: Unit


@dataclass(frozen=True)
class Cast:
    """All people of the demo, always in the same order.

    The first man and the first woman of ``singles`` become a pair, the second man and woman take part in the open
    choice round. ``newcomers`` are on no roster yet: a list to try the import with. ``elsewhere`` is the roster of
    Qiqihar. ``waiting`` is on a roster but has not activated her account. ``cities`` are the other twelve.
    """

    units: tuple
    other_units: tuple
    staff: tuple
    singles: tuple
    newcomers: tuple
    elsewhere: tuple
    volunteers: tuple
    waiting: Single
    cities: tuple

    def unit_at(self, place):
        """Return the unit that the ``place`` of a member of staff names, or None if it names a region."""
        if not place.startswith(FIRST_UNIT):
            return None
        city = place.removeprefix(FIRST_UNIT)
        return next(unit for unit in (*self.units, *self.other_units) if unit.county.startswith(city[:4]))

    def only(self, count):
        """Return the people of the first ``count`` cities, at least two: the roster of the second is imported."""
        if not 2 <= count <= len(CITIES):
            raise ValueError(f"from 2 to {len(CITIES)} cities")
        some = replace(self, cities=self.cities[: count - 1])
        return replace(
            some,
            other_units=tuple(unit for unit in self.other_units if some.reaches(unit.county)),
            staff=tuple(
                one for one in self.staff if one.place == PROVINCE or some.reaches(one.place.removeprefix(FIRST_UNIT))
            ),
        )

    def reaches(self, code):
        """Say whether the region with this code is one of the cities or lies in one of them."""
        return code.startswith((HARBIN[:4], *(city.code[:4] for city in self.cities)))

    @property
    def everybody(self):
        """All persons of the demo."""
        parts = (self.singles, self.newcomers, self.elsewhere, *(city.singles for city in self.cities))
        volunteers = (self.volunteers, *(city.volunteers for city in self.cities))
        return [
            *(one.person for one in (*self.staff, self.waiting)),
            *(single.person for part in parts for single in part),
            *(person for part in volunteers for person in part),
        ]

    @property
    def men(self):
        return [single for single in self.singles if single.person.sex == MALE]

    @property
    def women(self):
        return [single for single in self.singles if single.person.sex == FEMALE]


def _regions():
    """Return (short name by code, codes of counties by code of their city)."""
    with REGIONS.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    counties = {}
    for row in rows:
        if row["level"] == "3":
            counties.setdefault(row["parent"], []).append(row["code"])
    return {row["code"]: row["short_name"] for row in rows}, counties


@lru_cache
def cast():
    """Return the people of the demo."""
    rng = random.Random(SEED)
    people = People(rng)
    short_names, counties = _regions()
    units = harbin_units(short_names)
    others = other_units(counties, short_names)
    qiqihar = [unit for unit in others if unit.county.startswith(QIQIHAR[:4])]
    staff = _staff(STAFF, people, first=1)
    found = Cast(
        units=units,
        other_units=others,
        staff=staff,
        singles=_roster(units, sizes(len(units), SINGLES, rng), "1201000", people, rng),
        newcomers=_roster(units[:10], [NEWCOMERS // 10] * 10, "1202000", people, rng),
        elsewhere=_roster(qiqihar, [ELSEWHERE // len(qiqihar)] * len(qiqihar), "1203000", people, rng),
        volunteers=tuple(
            people.draw(sex=MALE if number % 6 == 5 else FEMALE, phone=f"1200001{number:04d}", born=(1966, 1980))
            for number in range(1, VOLUNTEERS + 1)
        ),
        waiting=Single(people.draw(sex=FEMALE, phone="12000020001", born=(1997, 1997)), units[0]),
        cities=(),
    )

    def roster(places, counts, prefix):
        return _roster(places, counts, prefix, people, rng)

    return replace(
        found,
        staff=(*staff, *_staff(STAFF_ELSEWHERE, people, first=len(STAFF) + 1)),
        cities=cities(others, roster, people, rng),
    )


def _staff(rows, people, *, first):
    """Return the staff of ``rows``, with phones numbered from ``first``."""
    return tuple(
        Staff(people.draw(sex=FEMALE, phone=f"1200000{number:04d}", born=(1972, 1992)), login_name, role, place)
        for number, (login_name, role, place) in enumerate(rows, start=first)
    )


def _roster(units, counts, prefix, people, rng):
    """Return the people of ``units``, slightly more women than men, in the order of the units."""
    total = sum(counts)
    sexes = [MALE] * (total * 290 // 588) + [FEMALE] * (total - total * 290 // 588)
    rng.shuffle(sexes)
    places = [unit for unit, count in zip(units, counts, strict=True) for _ in range(count)]
    return tuple(
        Single(people.draw(sex=sex, phone=f"{prefix}{number:04d}"), unit)
        for number, (unit, sex) in enumerate(zip(places, sexes, strict=True), start=1)
    )
