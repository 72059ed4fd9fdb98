"""Grassroots unions of invented companies, named from "示例", the region and the trade."""

from dataclasses import dataclass

TRADES = (
    "机械制造",
    "食品加工",
    "纺织服装",
    "医药",
    "物流",
    "建筑工程",
    "软件",
    "商贸",
    "热力",
    "公交客运",
    "供水",
    "乳业",
    "木业",
    "电气",
    "文旅",
    "餐饮",
    "快递",
    "种业",
    "化工",
    "物业",
)

# The counties of Harbin by code, and how many of its 78 units each has: most are in the city's districts.
HARBIN = "230100"
HARBIN_UNITS = {
    "230102": 12,
    "230103": 12,
    "230104": 9,
    "230108": 6,
    "230109": 8,
    "230110": 9,
    "230111": 4,
    "230112": 4,
    "230113": 3,
    "230123": 1,
    "230124": 1,
    "230125": 2,
    "230126": 1,
    "230127": 1,
    "230128": 1,
    "230129": 1,
    "230183": 2,
    "230184": 1,
}
# The other cities by code, from the largest (3) to the smallest (1), and the number of units by size.
SIZES = {
    "230200": 3,
    "230300": 2,
    "230400": 1,
    "230500": 2,
    "230600": 3,
    "230700": 1,
    "230800": 3,
    "230900": 1,
    "231000": 3,
    "231100": 2,
    "231200": 3,
    "232700": 1,
}
UNITS_ELSEWHERE = {3: 8, 2: 6, 1: 4}
SMALLEST, LARGEST = 3, 14


@dataclass(frozen=True)
class Unit:
    """A grassroots union in the county with the code ``county``."""

    name: str
    short_name: str
    county: str


def unit(region, trade, county):
    """Return the unit of ``trade`` in the county with the short name ``region``."""
    return Unit(f"示例{region}{trade}公司工会", f"示例{region}{trade}", county)


def harbin_units(short_names):
    """Return the 78 units of Harbin; ``short_names`` maps county codes to short names."""
    return tuple(
        unit(short_names[county], TRADES[(place * 7 + number) % len(TRADES)], county)
        for place, (county, count) in enumerate(HARBIN_UNITS.items())
        for number in range(count)
    )


def other_units(counties, short_names):
    """Return the units of each city other than Harbin.

    ``counties`` maps codes of cities to the codes of their counties.
    """
    found = []
    for place, (city, codes) in enumerate(sorted(counties.items())):
        if city == HARBIN:
            continue
        for number in range(UNITS_ELSEWHERE[SIZES[city]]):
            county = codes[number % len(codes)]
            region = short_names[city] + short_names[county]
            found.append(unit(region, TRADES[(place * 3 + number) % len(TRADES)], county))
    return tuple(found)


def sizes(count, total, rng):
    """Return ``count`` unit sizes between 3 and 14 that add up to ``total``."""
    if not SMALLEST * count <= total <= LARGEST * count:
        raise ValueError("no such sizes")
    found = [SMALLEST] * count
    for _ in range(total - sum(found)):
        found[rng.choice([place for place, size in enumerate(found) if size < LARGEST])] += 1
    return found
