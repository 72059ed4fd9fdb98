"""From an empty database to a working province: the command, its link, the first sign-in, the administrators' home."""

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
from portal.messaging.channels import FileSms
from portal.organizations.models import LegalParameter, Organization, Region
from portal.statistics.models import Recount

# Links and authenticators come with the accounts.
pytest.importorskip("portal.members.services.factors")
pyotp = pytest.importorskip("pyotp")
pytestmark = pytest.mark.django_db

PASSWORD = "Zhuyi-Anquan-2026-x"
ANSWERS = {
    "name": "示例省总工会",
    "short_name": "示例省",
    "system": {"name": "示例甲", "sex": "female", "phone": "12000000001"},
    "security": {"name": "示例乙", "sex": "male", "phone": "12000000002"},
    "audit": {"name": "示例丙", "sex": "female", "phone": "12000000003"},
}


@pytest.fixture(autouse=True)
def sms_folder(settings, tmp_path):
    settings.SMS_DIR = tmp_path / "sms"


def set_up(tmp_path, **changes):
    path = tmp_path / "answers.json"
    path.write_text(json.dumps({**ANSWERS, **changes}), encoding="utf-8")
    out = StringIO()
    call_command("setup_portal", str(path), stdout=out)
    return dict(re.findall(r"(\w+) administrator: (\S+)", out.getvalue()))


def test_an_empty_database_becomes_a_province(tmp_path):
    links = set_up(tmp_path)
    assert links.keys() == {"system", "security", "audit"}
    root = Organization.objects.get()
    assert (root.name, root.kind, root.region.level) == ("示例省总工会", "province", 1)
    assert Region.objects.count() > 100
    assert LegalParameter.objects.exists()
    held = set(Duty.objects.values_list("member__name", "role"))
    assert held == {
        ("示例甲", Role.SYSTEM_ADMINISTRATOR),
        ("示例乙", Role.SECURITY_ADMINISTRATOR),
        ("示例丙", Role.AUDIT_ADMINISTRATOR),
    }
    assert not any(member.has_usable_password() for member in Member.objects.all())
    assert AuditEntry.objects.filter(action="duty.give").count() == 3
    assert Recount.objects.filter(kind="full").count() == 1


def test_a_link_opens_the_administrators_home(client, tmp_path):
    link = set_up(tmp_path)["system"]
    page = client.get(urlsplit(link).path)
    chosen = {"name": "示例甲", "login_name": "xitong", "password": PASSWORD, "again": PASSWORD}
    assert client.post(page.url, chosen).status_code == 302
    client.post(reverse("members:sign-in-staff"), {"login_name": "xitong", "password": PASSWORD})
    code = re.search(r"(?<!\d)\d{6}(?!\d)", FileSms.sent()[0]["text"])[0]
    client.post(reverse("members:sign-in-factor"), {"code": code})
    enrol = reverse("members:authenticator-setup")
    assert client.get(reverse("admin:index")).url == enrol
    client.post(enrol, {"begin": "1"})
    secret = client.get(enrol).context["secret"].replace(" ", "")
    assert client.post(enrol, {"code": pyotp.TOTP(secret).now()}).status_code == 200
    home = client.get(reverse("admin:index"))
    assert home.status_code == 200
    assert {"database", "beat", "worker"} <= {check.name for check in home.context["health"]}
    assert client.get(urlsplit(link).path, follow=True).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"audit": ANSWERS["system"]},
        {"name": ""},
        {"system": {**ANSWERS["system"], "sex": "x"}},
        {"system": {**ANSWERS["system"], "phone": "1"}},
        {"system": "x"},
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
    assert (Organization.objects.count(), Member.objects.count()) == (1, 3)
