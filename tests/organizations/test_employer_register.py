"""The register of employers from Excel, and the export of the list."""

import pytest
from django.urls import reverse

from portal.core.errors import DomainError
from portal.core.roles import Role
from portal.exchange.choices import RunState
from portal.exchange.registers import registers
from portal.exchange.services.imports import import_check, import_confirm, import_start, import_take_back, import_write
from portal.organizations.models import Employer, Organization, Region
from portal.organizations.services.employers import employer_create
from tests.exchange import files
from tests.factories.members import make_staff, sign_in
from tests.factories.organizations import make_organization, make_unit

pytestmark = pytest.mark.django_db
HEADINGS = ["Name", "Social credit code", "Region code"]
USCC = "91110000600037341L"


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.PRIVATE_STORAGE_DIR = tmp_path


@pytest.fixture
def city():
    return make_organization(name="示例市总工会")


def bring_in(city, rows):
    actor = make_staff(city)
    run = import_start(
        actor=actor,
        organization=city,
        register=registers()["organizations.employers"],
        upload=files.upload(files.xlsx([HEADINGS, *rows])),
    )
    import_check(run.job)
    run.refresh_from_db()
    if run.state == RunState.CHECKED_CLEAN:
        run = import_confirm(run=run, actor=actor)
        import_write(run.job)
        run.refresh_from_db()
    return run, actor


def test_employers_go_in_and_can_be_named(city):
    Region.objects.create(code="230100", name="示例市", short_name="示例", level=2, valid_from="2020-01-01")
    run, _actor = bring_in(city, [["示例纺织公司", USCC.lower(), "230100"], ["示例商店", "", ""]])
    assert (run.state, run.added) == (RunState.IMPORTED, 2)
    rows = {row.name: row for row in Employer.objects.filter(pk__in=run.row_ids)}
    assert (rows["示例纺织公司"].uscc, rows["示例纺织公司"].region_id) == (USCC, "230100")
    assert {row.organization for row in rows.values()} == {city}
    assert rows["示例商店"].pinyin.startswith("shi")


def test_who_is_registered_already_is_left_out(city):
    employer_create(actor=None, organization=make_organization(), name="示例甲", uscc=USCC)
    employer_create(actor=None, organization=city, name="示例乙")
    run, _actor = bring_in(city, [["示例甲", USCC, ""], ["示例乙", "", ""], ["示例丙", "", ""]])
    assert (run.state, run.added, run.known) == (RunState.IMPORTED, 1, 2)


@pytest.mark.parametrize(
    ("rows", "column"),
    [
        ([["示例甲", "91110000600037341A", ""]], "uscc"),
        ([["示例甲", USCC, ""], ["示例乙", USCC, ""]], "uscc"),
        ([["示例甲", "", ""], ["示例甲", "", ""]], "name"),
        ([["示例甲", "", "999998"]], "region"),
        ([["", USCC, ""]], "name"),
    ],
)
def test_wrong_rows_stop_the_file(city, rows, column):
    run, _actor = bring_in(city, rows)
    assert run.state == RunState.CHECKED_FAULTY
    assert [fault["column"] for fault in run.faults] == [column]
    assert not Employer.objects.exists()


def test_it_is_taken_back_until_somebody_is_named(city):
    run, actor = bring_in(city, [["示例甲", "", ""]])
    unit = make_unit(city)
    Organization.objects.filter(pk=unit.pk).update(employer=Employer.objects.get())
    with pytest.raises(DomainError):
        import_take_back(run=run, actor=actor)
    Organization.objects.filter(pk=unit.pk).update(employer=None)
    import_take_back(run=run, actor=actor)
    assert not Employer.objects.exists()


def test_the_list_offers_import_and_export(client, city):
    sign_in(client, make_staff(city))
    page = client.get(reverse("organizations:employer-list")).content.decode()
    assert reverse("exchange:import-start", args=["organizations.employers"]) in page
    assert reverse("exchange:export-run-start") in page
    sign_in(client, make_staff(city, Role.REVIEWER))
    page = client.get(reverse("organizations:employer-list")).content.decode()
    assert reverse("exchange:import-start", args=["organizations.employers"]) not in page


def test_the_list_of_duties_can_be_taken_out_and_narrowed(client, city):
    sign_in(client, make_staff(city))
    page = client.get(reverse("members:duty-list"))
    assert reverse("exchange:export-run-start") in page.content.decode()
    for narrowed in ("?held=soon", "?signed_in=never", "?held=soon&signed_in=never"):
        assert client.get(reverse("members:duty-list") + narrowed).status_code == 200
