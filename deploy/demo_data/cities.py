"""The twelve other cities of the demo: their size, staff, singles and volunteer matchmakers."""

from dataclasses import dataclass

from deploy.demo_data.people import FEMALE, MALE
from deploy.demo_data.units import SIZES, sizes

SINGLES = {3: 54, 2: 40, 1: 28}
# Number of singles with an open account: the first ones in the city's list.
SIGNED_IN = {3: 18, 2: 14, 1: 10}
VOLUNTEERS = {3: 5, 2: 4, 1: 3}
LOGINS = {
    "230200": "qiqihar",
    "230300": "jixi",
    "230400": "hegang",
    "230500": "shuangyashan",
    "230600": "daqing",
    "230700": "yichun",
    "230800": "jiamusi",
    "230900": "qitaihe",
    "231000": "mudanjiang",
    "231100": "heihe",
    "231200": "suihua",
    "232700": "daxinganling",
}


@dataclass(frozen=True)
class City:
    """A city other than Harbin.

    ``size`` is 3, 2 or 1; the people of ``singles`` are not sorted by unit or sex.
    """

    code: str
    size: int
    units: tuple
    singles: tuple
    volunteers: tuple

    @property
    def signed_in(self):
        """The singles who have an account: a man and a woman come first."""
        return self.singles[: SIGNED_IN[self.size]]

    @property
    def men(self):
        return [single for single in self.signed_in if single.person.sex == MALE]

    @property
    def women(self):
        return [single for single in self.signed_in if single.person.sex == FEMALE]


def cities(units, roster, people, rng):
    """Return the other cities with their people.

    ``units`` are those outside Harbin, ``roster(units, counts, prefix)`` returns their singles, ``people`` generates
    the volunteers.
    """
    found, volunteers = [], 0
    for number, (code, size) in enumerate(SIZES.items()):
        own = tuple(unit for unit in units if unit.county.startswith(code[:4]))
        rows = list(roster(own, sizes(len(own), SINGLES[size], rng), f"1205{number:03d}"))
        rng.shuffle(rows)
        helpers = []
        for _ in range(VOLUNTEERS[size]):
            volunteers += 1
            sex = MALE if volunteers % 6 == 5 else FEMALE
            helpers.append(people.draw(sex=sex, phone=f"1200003{volunteers:04d}", born=(1966, 1982)))
        found.append(City(code, size, own, _mixed(rows), tuple(helpers)))
    return tuple(found)


def _mixed(rows):
    """Return ``rows`` with men and women alternating as far as possible, so that both are among the first."""
    men = [row for row in rows if row.person.sex == MALE]
    women = [row for row in rows if row.person.sex == FEMALE]
    both = [row for pair in zip(men, women, strict=False) for row in pair]
    return (*both, *men[len(women) :], *women[len(men) :])
