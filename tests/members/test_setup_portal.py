"""From an empty database to a working province.

The command, its links, the first sign-in, and the first page of the administrators.
"""

import json
import re
from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from portal.audit.models import AuditEntry
from portal.core.roles import Role
from portal.members.models import Duty, Member
from portal.organizations.models import LegalParameter, Organization, Region
from portal.organizations.selectors import own_regions
from portal.statistics.models import Recount

# Links and authenticators come with the accounts.
pytest.importorskip("portal.members.services.factors")
pyotp = pytest.importorskip("pyotp")
pytestmark = pytest.mark.django_db

PASSWORD = "Zhuyi-Anquan-2026-x"
ANSWERS = {
    "province": "230000",
    "name": "示例省总工会",
    "short_name": "示例省",
    "system": {"name": "示例甲", "sex": "female", "phone": "12000000001"},
    "security": {"name": "示例乙", "sex": "male", "phone": "12000000002"},
    "audit": {"name": "示例丙", "sex": "female", "phone": "12000000003"},
    "chair": {"name": "示例丁", "sex": "female", "phone": "12000000004"},
}
REGIONS = """code,name,short_name,level,parent,valid_from
990000,示例省,示例,1,,2020-01-01
990100,示例市,示例,2,990000,2020-01-01
990101,示例县,示例,3,990100,2020-01-01
"""


@pytest.fixture(autouse=True)
def sms_folder(settings, tmp_path):
    settings.SMS_DIR = tmp_path / "sms"


def set_up(tmp_path, regions=None, **changes):
    path = tmp_path / "answers.json"
    path.write_text(json.dumps({**ANSWERS, **changes}), encoding="utf-8")
    out = StringIO()
    call_command("setup_portal", str(path), stdout=out, regions=regions)
    return dict(re.findall(r"^  (\w+)(?: administrator)?: (\S+)", out.getvalue(), re.MULTILINE))


def open_access(client, link, name, login_name, password=PASSWORD):
    """Use the link as its owner does; return the page that follows."""
    page = client.get(urlsplit(link).path)
    chosen = {"name": name, "login_name": login_name, "password": password, "again": password}
    return client.post(page.url, chosen, follow=True)


def enrol(client, page):
    """Set up the authenticator on the page of a first access."""
    secret = page.context["secret"].replace(" ", "")
    return client.post(reverse("members:sign-in-enrol"), {"code": pyotp.TOTP(secret).now()})


def test_an_empty_database_becomes_a_province(tmp_path):
    links = set_up(tmp_path)
    assert links.keys() == {"system", "security", "audit", "chair"}
    root = Organization.objects.get()
    assert (root.name, root.kind, root.region.level) == ("示例省总工会", "province", 1)
    assert Region.objects.count() > 100
    assert LegalParameter.objects.exists()
    held = set(Duty.objects.values_list("member__name", "role"))
    assert held == {
        ("示例甲", Role.SYSTEM_ADMINISTRATOR),
        ("示例乙", Role.SECURITY_ADMINISTRATOR),
        ("示例丙", Role.AUDIT_ADMINISTRATOR),
        ("示例丁", Role.CHAIR),
    }
    assert not any(member.has_usable_password() for member in Member.objects.all())
    assert AuditEntry.objects.filter(action="duty.give").count() == 4
    assert Recount.objects.filter(kind="full").count() == 1


def test_a_link_opens_the_administrators_home(client, tmp_path, settings):
    settings.SECOND_FACTOR_REQUIRED = "administrators"
    link = set_up(tmp_path)["system"]
    page = open_access(client, link, "示例甲", "xitong")
    assert page.request["PATH_INFO"] == reverse("members:sign-in-enrol")
    codes = enrol(client, page)
    assert (codes.status_code, len(codes.context["codes"])) == (200, 10)
    home = client.get(reverse("admin:index"))
    assert home.status_code == 200
    assert {"database", "beat", "worker"} <= {check.name for check in home.context["health"]}
    client.logout()
    assert client.get(urlsplit(link).path, follow=True).status_code == 404


@pytest.mark.parametrize(("duty", "name"), [("security", "示例乙"), ("chair", "示例丁")])
def test_without_a_provider_the_first_people_sign_in_by_authenticator(client, tmp_path, settings, duty, name):
    settings.SMS_BACKEND = "portal.messaging.channels.RefusingSms"
    settings.SECOND_FACTOR_REQUIRED = "administrators"
    page = open_access(client, set_up(tmp_path)[duty], name, "denglu")
    assert enrol(client, page).status_code == 200
    member = Member.objects.get(name=name)
    assert (client.session["staff"], client.session["_auth_user_id"]) == (True, str(member.pk))
    client.logout()
    answer = client.post(reverse("members:sign-in-staff"), {"login_name": "denglu", "password": PASSWORD})
    assert answer.url == reverse("members:sign-in-totp")


def test_whoever_left_the_last_step_comes_back_by_another_link(client, tmp_path, settings):
    settings.SMS_BACKEND = "portal.messaging.channels.RefusingSms"
    open_access(client, set_up(tmp_path)["chair"], "示例丁", "denglu")
    client.session.flush()
    client.cookies.clear()
    refused = client.post(reverse("members:sign-in-staff"), {"login_name": "denglu", "password": PASSWORD})
    assert refused.status_code == 422
    assert client.get(reverse("members:sign-in-enrol")).url == reverse("members:sign-in-staff")
    out = StringIO()
    call_command("invitation_link", member=Member.objects.get(name="示例丁").pk, stdout=out)
    page = open_access(client, out.getvalue().split()[-1], "示例丁", "denglu", f"{PASSWORD}-2")
    assert enrol(client, page).status_code == 200


def test_another_province_brings_its_regions(tmp_path):
    path = tmp_path / "regions.csv"
    path.write_text(REGIONS, encoding="utf-8")
    with pytest.raises(CommandError, match="990000"):
        set_up(tmp_path, regions=path)
    set_up(tmp_path, regions=path, province="990000")
    assert Organization.objects.get().region_id == "990000"
    assert own_regions().count() == 3
    with pytest.raises(CommandError, match="another province"):
        call_command("load_regions", stdout=StringIO())


@pytest.mark.parametrize(
    "changes",
    [
        {"audit": ANSWERS["system"]},
        {"name": ""},
        {"system": {**ANSWERS["system"], "sex": "x"}},
        {"system": {**ANSWERS["system"], "phone": "1"}},
        {"system": "x"},
        {"chair": ANSWERS["audit"]},
        {"province": "110000"},
    ],
)
def test_wrong_answers_leave_nothing_behind(tmp_path, changes):
    with pytest.raises(CommandError):
        set_up(tmp_path, **changes)
    assert not Organization.objects.exists()
    assert not Member.objects.exists()
    assert not Region.objects.exists()


def test_a_portal_is_set_up_once(tmp_path):
    set_up(tmp_path)
    with pytest.raises(CommandError):
        set_up(tmp_path)
    assert (Organization.objects.count(), Member.objects.count()) == (1, 4)
