"""The regions of Heilongjiang."""

from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from portal.organizations.models import Region
from portal.organizations.selectors import own_regions

pytestmark = pytest.mark.django_db
HEAD = "code,name,short_name,level,parent,valid_from\n"


def load():
    out = StringIO()
    call_command("load_regions", stdout=out)
    return out.getvalue().strip()


def test_load_regions_counts_each_level():
    assert load() == "135 regions: 135 new, 0 refreshed"
    assert Counter(own_regions().values_list("level", flat=True)) == {1: 1, 2: 13, 3: 121}


def test_the_other_provinces_are_there_for_legal_parameters_alone():
    load()
    others = Region.objects.filter(statistical=True)
    assert others.count() == 30
    assert set(others.values_list("level", "parent")) == {(1, None)}
    assert others.get(code="310000").name == "上海市"
    assert not own_regions().filter(code="310000").exists()


def test_another_province_keeps_heilongjiang_as_one_of_the_others(tmp_path):
    path = tmp_path / "regions.csv"
    path.write_text(f"{HEAD}310000,上海市,上海,1,,2020-01-01\n", encoding="utf-8")
    call_command("load_regions", str(path), stdout=StringIO())
    assert list(own_regions().values_list("code", flat=True)) == ["310000"]
    assert Region.objects.get(code="230000").statistical
    with pytest.raises(CommandError, match="another province"):
        load()


def test_load_regions_names_districts_counties_and_cities():
    load()
    counties = Region.objects.filter(level=3).values_list("name", flat=True)
    kinds = Counter("自治县" if name.endswith("自治县") else name[-1] for name in counties)
    assert kinds == {"区": 54, "市": 21, "县": 45, "自治县": 1}


@pytest.mark.parametrize(
    ("code", "name", "parent"),
    [
        ("230000", "黑龙江省", None),
        ("230100", "哈尔滨市", "230000"),
        ("232700", "大兴安岭地区", "230000"),
        ("230102", "道里区", "230100"),
        ("230123", "依兰县", "230100"),
        ("230125", "宾县", "230100"),
        ("230183", "尚志市", "230100"),
        ("230208", "梅里斯达斡尔族区", "230200"),
        ("230227", "富裕县", "230200"),
        ("230503", "岭东区", "230500"),
        ("230624", "杜尔伯特蒙古族自治县", "230600"),
        ("230751", "金林区", "230700"),
        ("230726", "南岔县", "230700"),
        ("230811", "郊区", "230800"),
        ("230883", "抚远市", "230800"),
        ("231182", "五大连池市", "231100"),
        ("232701", "漠河市", "232700"),
        ("232721", "呼玛县", "232700"),
    ],
)
def test_load_regions_names(code, name, parent):
    load()
    region = Region.objects.get(code=code)
    assert (region.name, region.parent_id) == (name, parent)


def test_load_regions_twice_changes_nothing():
    load()
    before = list(Region.objects.values())
    assert load() == "135 regions: 0 new, 135 refreshed"
    assert list(Region.objects.values()) == before


def test_load_regions_keeps_what_an_administrator_added():
    load()
    own = {"name": "统计区", "short_name": "统计区", "statistical": True}
    Region.objects.create(code="230671", level=3, parent_id="230600", valid_from="2020-01-01", **own)
    Region.objects.filter(code="230102").update(valid_until="2030-01-01")
    load()
    assert Region.objects.count() == 136 + 30
    assert str(Region.objects.get(code="230102").valid_until) == "2030-01-01"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "columns"),
        ("code,name\n990000,示例省\n", "columns"),
        (f"{HEAD}990000,示例省,示例,1,,2020-01-01\n990000,示例市,示例,2,990000,2020-01-01\n", "twice"),
        (f"{HEAD}990100,示例市,示例,2,,2020-01-01\n", "one province"),
        (f"{HEAD}990000,示例省,示例,1,,2020-01-01\n990101,示例县,示例,3,990100,2020-01-01\n", "not in the list"),
        (f"{HEAD}990000,示例省,示例,1,,2020-13-01\n", "Line 2"),
        (f"{HEAD}99000,示例省,示例,1,,2020-01-01\n", "six digits"),
        (f"{HEAD}990000,,示例,1,,2020-01-01\n", "Line 2"),
        (f"{HEAD}990000,示例省,示例,x,,2020-01-01\n", "Line 2"),
        (f"{HEAD}990000,示例省\n", "Line 2"),
        (f"{HEAD}990000,示例省,示例,1,,1020-01-01\n", "Line 2"),
    ],
)
def test_a_list_that_cannot_be_taken_says_why(tmp_path, text, reason):
    path = tmp_path / "regions.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match=reason):
        call_command("load_regions", str(path), stdout=StringIO())
    assert not Region.objects.exists()
