"""The register of organisations from Excel."""

import pytest

from portal.core.errors import DomainError
from portal.exchange.choices import RunState
from portal.exchange.registers import registers
from portal.exchange.services.imports import import_check, import_confirm, import_start, import_take_back, import_write
from portal.organizations.models import Organization, OrganizationLine, Region
from tests.exchange import files
from tests.factories.members import make_entry, make_staff
from tests.factories.organizations import make_organization, make_unit

pytestmark = pytest.mark.django_db
HEADINGS = ["Name", "Kind", "Parent organisation", "Region code", "Social credit code"]
USCC = "91110000600037341L"


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.PRIVATE_STORAGE_DIR = tmp_path


@pytest.fixture
def city():
    return make_organization(name="示例市总工会")


def bring_in(city, rows, actor=None):
    actor = actor or make_staff(city)
    run = import_start(
        actor=actor,
        organization=city,
        register=registers()["organizations.register"],
        upload=files.upload(files.xlsx([HEADINGS, *rows])),
    )
    import_check(run.job)
    run.refresh_from_db()
    if run.state == RunState.CHECKED_CLEAN:
        run = import_confirm(run=run, actor=actor)
        import_write(run.job)
        run.refresh_from_db()
    return run


def test_a_tree_goes_in_from_one_file(city):
    run = bring_in(
        city,
        [
            ["示例区总工会", "County federation", "", "", ""],
            ["示例街道工会", "Township or street union", "示例区总工会", "", ""],
            ["示例一厂工会", "Grassroots union", "示例街道工会", "", USCC],
            ["示例二厂工会", "Grassroots union", "示例市总工会", "", ""],
        ],
    )
    assert (run.state, run.added) == (RunState.IMPORTED, 4)
    rows = {row.name: row for row in Organization.objects.filter(pk__in=run.row_ids)}
    county, street, plant = rows["示例区总工会"], rows["示例街道工会"], rows["示例一厂工会"]
    assert county.path == f"{city.path}{county.pk}/"
    assert street.path == f"{county.path}{street.pk}/"
    assert plant.path == f"{street.path}{plant.pk}/"
    assert rows["示例二厂工会"].parent == city
    assert plant.uscc == USCC
    lines = OrganizationLine.objects.filter(organization__in=run.row_ids).values_list("organization_id", "path")
    assert dict(lines) == {row.pk: row.path for row in rows.values()}


WRONG = {
    "a level that is not lower": (["示例市二总工会", "City federation", "", "", ""], "kind"),
    "no such organisation above": (["示例三厂工会", "Grassroots union", "无名总工会", "", ""], "parent"),
    "another city's organisation above": (["示例三厂工会", "Grassroots union", "邻市区总工会", "", ""], "parent"),
    "no such kind": (["示例三厂工会", "协会", "", "", ""], "kind"),
    "the province": (["示例三厂工会", "Provincial federation", "", "", ""], "kind"),
    "a region that is none": (["示例三厂工会", "Grassroots union", "", "999998", ""], "region"),
    "a bad credit code": (["示例三厂工会", "Grassroots union", "", "", USCC[:-1] + "M"], "uscc"),
    "a credit code that is taken": (["示例三厂工会", "Grassroots union", "", "", "91350100M000100Y43"], "uscc"),
    "the line above again": (["示例一厂工会", "Grassroots union", "", "", ""], "name"),
    "no name": (["", "Grassroots union", "", "", ""], "name"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_line_is_named_and_nothing_is_written(city, case):
    cells, column = WRONG[case]
    make_unit(uscc="91350100M000100Y43")
    make_organization(kind="county", name="邻市区总工会")
    actor = make_staff(city)
    before = Organization.objects.count()
    run = bring_in(city, [["示例一厂工会", "Grassroots union", "", "", ""], cells], actor)
    assert (run.state, run.row_ids) == (RunState.CHECKED_FAULTY, [])
    assert {(fault["line"], fault["column"]) for fault in run.faults} == {(3, column)}
    assert Organization.objects.count() == before


def test_what_is_there_already_is_left_out(city):
    make_unit(city, name="示例一厂工会")
    run = bring_in(
        city,
        [["示例一厂工会", "Grassroots union", "", "", ""], ["示例二厂工会", "Grassroots union", "", "", ""]],
    )
    assert (run.state, run.known, run.added) == (RunState.IMPORTED, 1, 1)


def test_a_region_is_kept(city):
    Region.objects.create(code="230102", name="道里区", short_name="道里", level=3, valid_from="2020-01-01")
    run = bring_in(city, [["示例区总工会", "County federation", "", "230102", ""]])
    assert Organization.objects.get(pk=run.row_ids[0]).region_id == "230102"


def test_a_file_is_taken_back_while_nobody_stands_there(city):
    rows = [
        ["示例区总工会", "County federation", "", "", ""],
        ["示例一厂工会", "Grassroots union", "示例区总工会", "", ""],
    ]
    actor = make_staff(city)
    run = bring_in(city, rows, actor)
    entry = make_entry(Organization.objects.get(name="示例一厂工会"))
    with pytest.raises(DomainError) as refusal:
        import_take_back(run=run, actor=actor)
    assert refusal.value.code == "in-use"
    assert Organization.objects.filter(pk__in=run.row_ids).count() == 2

    entry.delete()
    import_take_back(run=run, actor=actor)
    assert not Organization.objects.filter(pk__in=run.row_ids).exists()
