"""Invented people: names from lists, identity numbers of area 999999, phones that no operator issues."""

from dataclasses import dataclass
from datetime import date, timedelta

from stdnum.cn import ric

AREA = "999999"
FEMALE, MALE = "female", "male"

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋"
    "蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段"
)
FIRST = "沐知予清言思以若景书云星雨安晨嘉羽初屿乐"
SECOND = {
    FEMALE: "禾苒槿宁澄笙汐岚棠苓荷绮蕊茜晴霏茉萱菡漪",
    MALE: "川野舟岩松柏泽朗煦帆垚骁珩铮屹砚樾浔澈昱",
}


@dataclass(frozen=True)
class Person:
    """An invented person; ``sex`` is ``female`` or ``male`` as in the portal."""

    name: str
    sex: str
    born: date
    identity: str
    phone: str


def identity_number(born, serial):
    """Return an identity number of the demo area with a valid check digit; odd ``serial`` means a man."""
    digits = f"{AREA}{born:%Y%m%d}{serial:03d}"
    # The function ignores the last character of its argument, which is the place of the check digit.
    return digits + ric.calc_check_digit(f"{digits}0")


class People:
    """Generates people with ``rng``; no two of them share a name, identity number or phone."""

    def __init__(self, rng):
        self.rng = rng
        self.names = set()
        self.identities = set()
        self.phones = set()

    def draw(self, *, sex, phone, born=(1988, 2003)):
        """Return a new person of ``sex``, born in the years of ``born`` (both included)."""
        if phone in self.phones:
            raise ValueError("two people of the demo with one phone")
        self.phones.add(phone)
        first, last = date(born[0], 1, 1), date(born[1], 12, 31)
        while True:
            name = self.rng.choice(SURNAMES) + self.rng.choice(FIRST) + self.rng.choice(SECOND[sex])
            day = first + timedelta(days=self.rng.randrange((last - first).days + 1))
            identity = identity_number(day, self.rng.randrange(500) * 2 + (sex == MALE))
            if name not in self.names and identity not in self.identities:
                self.names.add(name)
                self.identities.add(identity)
                return Person(name, sex, day, identity, phone)
