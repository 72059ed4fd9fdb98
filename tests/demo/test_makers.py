import random
from collections import Counter
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from deploy.demo_data import rosters
from deploy.demo_data.cast import CITIES, FIRST_UNIT, PASSWORD, PROVINCE, STAFF, STAFF_ELSEWHERE, cast
from deploy.demo_data.cities import LOGINS, SIGNED_IN, SINGLES, VOLUNTEERS
from deploy.demo_data.people import FIRST, SECOND, identity_number
from deploy.demo_data.units import SIZES, sizes
from matchmaking.demo.city_words import EVENTS, OTHERS, RESTRICTED, WEDDINGS
from matchmaking.demo.picks import choose
from matchmaking.demo.words import ARE, LIKES, WISH, about, nickname
from matchmaking.services.participations import check_line
from portal.core.roles import Role
from portal.members.identity import read_identity, read_phone

TODAY = date(2026, 11, 23)
# The weights of GB 11643-1999, to calculate the check digit independently of the library.
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def everyone():
    found = cast()
    singles = [*found.singles, *found.newcomers, *found.elsewhere, found.waiting]
    singles += [single for city in found.cities for single in city.singles]
    volunteers = [*found.volunteers, *(person for city in found.cities for person in city.volunteers)]
    return [*(one.person for one in (*singles, *found.staff)), *volunteers]


def test_the_roster_has_588_singles_of_78_units():
    found = cast()
    per_unit = Counter(single.unit.name for single in found.singles)
    assert (len(found.singles), len(found.units), len(per_unit)) == (588, 78, 78)
    assert (len(found.men), len(found.women)) == (290, 298)
    assert min(per_unit.values()) >= 3
    assert max(per_unit.values()) <= 14


def test_the_cast_is_the_same_each_time():
    assert cast.__wrapped__() == cast()


def test_the_first_cities_alone_have_their_own_people():
    whole, some = cast(), cast().only(2)
    assert [city.code for city in some.cities] == ["230200"]
    assert (some.singles, some.elsewhere, some.volunteers) == (whole.singles, whole.elsewhere, whole.volunteers)
    assert {unit.county[:4] for unit in some.other_units} == {"2302"}
    places = {one.place.removeprefix(FIRST_UNIT) for one in some.staff}
    assert {place[:4] for place in places} == {PROVINCE[:4], "2301", "2302"}
    assert {one.role for one in some.staff} == set(Role.values)
    assert set(some.everybody) < set(whole.everybody)
    assert whole.only(len(CITIES)) == whole


@pytest.mark.parametrize("count", [-1, 0, 1, 14])
def test_two_cities_are_the_least_and_thirteen_the_most(count):
    with pytest.raises(ValueError, match="from 2 to 13 cities"):
        cast().only(count)


def test_no_two_people_are_alike():
    people = everyone()
    elsewhere = sum(SINGLES[size] + VOLUNTEERS[size] for size in SIZES.values())
    assert len(people) == 588 + 60 + 48 + 1 + len(STAFF) + len(STAFF_ELSEWHERE) + 33 + elsewhere
    for field in ("name", "identity", "phone"):
        assert len({getattr(person, field) for person in people}) == len(people)


def test_people_are_demo_people():
    for person in everyone():
        identity = read_identity(person.identity, today=TODAY, demo=True)
        assert (identity.area, identity.birth_date, identity.sex) == ("999999", person.born, person.sex)
        assert read_phone(person.phone, demo=True) == person.phone
        total = sum(int(digit) * weight for digit, weight in zip(person.identity[:17], WEIGHTS, strict=True))
        assert person.identity[17] == "10X98765432"[total % 11]


def test_identity_number_has_the_check_digit_of_the_standard():
    assert identity_number(date(1980, 4, 20), 804) == "99999919800420804X"


def test_no_given_name_of_the_people_in_the_source_can_come_out():
    theirs = set("艳梅冰华遥春颖慧芳婉瑜")
    assert theirs.isdisjoint(FIRST + SECOND["female"] + SECOND["male"])


def test_singles_are_old_enough_to_marry():
    for single in (*cast().singles, *(single for city in cast().cities for single in city.singles)):
        ages = (
            TODAY.year
            - single.person.born.year
            - ((TODAY.month, TODAY.day) < (single.person.born.month, single.person.born.day))
        )
        assert 22 <= ages <= 38


def test_units_have_names_of_their_own():
    found = cast()
    names = [unit.name for unit in (*found.units, *found.other_units)]
    assert len(set(names)) == len(names)
    assert all(name.startswith("示例") and len(name) <= 100 for name in names)
    assert all(len(unit.short_name) <= 30 for unit in (*found.units, *found.other_units))


def test_each_other_city_has_people_to_its_size():
    found = cast().cities
    assert [city.code for city in found] == list(LOGINS) == list(SIZES)
    for city in found:
        assert {single.unit for single in city.singles} == set(city.units)
        assert {unit.county[:4] for unit in city.units} == {city.code[:4]}
        assert len(city.men) == len(city.women) == SIGNED_IN[city.size] // 2
        assert (city.signed_in[0], city.signed_in[1]) == (city.men[0], city.women[0])


def test_each_other_city_says_something_of_its_own():
    assert list(EVENTS) == list(LOGINS)
    titles = [title for three in EVENTS.values() for title, _summary, _place in three]
    titles += [title for title, _summary in OTHERS]
    titles += [title for title, _place in WEDDINGS.values()] + [one[0] for one in RESTRICTED.values()]
    assert len(set(titles)) == len(titles)
    assert max(map(len, titles)) <= 40
    assert {*WEDDINGS, *RESTRICTED} <= set(LOGINS)


def test_what_singles_say_of_themselves_is_hardly_ever_the_same():
    rng = random.Random(1)
    told = [about(rng) for _ in range(200)]
    assert len(set(told)) > 180
    assert max(map(len, (nickname(rng) for _ in range(500)))) <= 20


def test_each_other_city_has_chair_and_cadre():
    found = cast()
    held = {(one.place, one.role) for one in found.staff}
    assert held >= {(code, role) for code in LOGINS for role in ("chair", "cadre")}
    names = [one.login_name for one in found.staff]
    assert len(set(names)) == len(names)
    units = [found.unit_at(one.place) for one in found.staff]
    assert [unit for unit in units if unit] == [
        found.units[0],
        found.units[0],
        *(found.cities[number].units[0] for number in (0, 8)),
    ]


def test_staff_hold_each_role():
    assert {role for _name, role, _place in STAFF} == set(Role.values)
    assert len(PASSWORD) >= 12


@pytest.mark.parametrize(("count", "total"), [(78, 588), (10, 30), (10, 140)])
def test_sizes_add_up(count, total):
    found = sizes(count, total, random.Random(1))
    assert (len(found), sum(found)) == (count, total)


def test_sizes_refuse_what_cannot_be():
    with pytest.raises(ValueError, match="no such sizes"):
        sizes(10, 29, random.Random(1))


def mutual_of(chosen):
    return {frozenset((one, other)) for one, others in chosen.items() for other in others if one in chosen[other]}


@pytest.mark.parametrize("seed", range(5))
def test_choices_make_exactly_the_pairs_asked_for(seed):
    men, women = list(range(290)), list(range(1000, 1298))
    chosen, mutual = choose(men, women, pairs=86, several=14, unpaired={1, 1001}, rng=random.Random(seed))
    found = mutual_of(chosen)
    people = {one for pair in found for one in pair}
    assert found == {frozenset(pair) for pair in mutual}
    assert (len(found), len(people)) == (86, 158)
    assert mutual[0] == (0, 1000)
    assert people.isdisjoint({1, 1001})
    assert all(len(set(others)) == len(others) <= 3 for others in chosen.values())
    assert sum(map(len, chosen.values())) > 4 * 86
    assert any(not others for others in chosen.values())


def test_silent_people_choose_nobody_and_are_in_no_pair():
    chosen, _mutual = choose(["a", "b", "c"], ["x", "y", "z"], pairs=2, silent={"a", "x"}, rng=random.Random(1))
    assert (chosen["a"], chosen["x"]) == ([], [])
    assert len(mutual_of(chosen)) == 2


def test_choices_refuse_more_pairs_than_people():
    with pytest.raises(ValueError, match="too few people"):
        choose(["a"], ["x"], pairs=2, rng=random.Random(1))


@pytest.mark.parametrize("singles", [cast().singles, cast().newcomers])
def test_a_spoiled_roster_has_twenty_wrong_rows(singles):
    rows = rosters.rows_of(singles)
    spoiled = rosters.spoil(rows)
    changed = [place for place, row in enumerate(rows) if row != spoiled[place]]
    assert len(changed) == 20
    assert rows == rosters.rows_of(singles)


def test_the_workbook_holds_the_rows():
    rows = rosters.rows_of(cast().newcomers)
    headings = {column: column.title() for column in rosters.COLUMNS}
    content = rosters.workbook(rows, headings=headings, labels={"single": "未婚"})
    sheet = load_workbook(BytesIO(content)).active
    lines = list(sheet.iter_rows(values_only=True))
    person = cast().newcomers[0].person
    assert lines[0] == tuple(headings.values())
    assert lines[1][1:] == (person.name, person.sex, person.identity, person.phone, "未婚")
    assert len(lines) == 61


def test_lines_are_such_as_a_card_takes():
    class Unit:
        name, short_name = cast().units[0].name, cast().units[0].short_name

    class Member:
        name, organization = "示例", Unit

    for words in (*ARE, *LIKES, *WISH):
        assert check_line(words, Member) == words
    assert max(map(len, ARE)) + max(map(len, LIKES)) + max(map(len, WISH)) + 3 <= 120
