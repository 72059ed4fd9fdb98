"""The last resort on the server: two names, a sealed entry, an alarm to all chairs."""

import builtins
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal.audit.models import AuditEntry, SealedEntry
from portal.core.roles import Role
from portal.members.models import Duty, Invitation, Member
from portal.messaging.models import Message
from tests.factories.members import make_duty, make_entry, make_staff, phone_number
from tests.factories.organizations import make_organization, make_province

pytestmark = pytest.mark.django_db
PHONE = phone_number(811)
NAMES = ["示例证人甲", "示例证人乙"]


@pytest.fixture(autouse=True)
def sms_folder(settings, tmp_path):
    settings.SMS_DIR = tmp_path / "sms"


@pytest.fixture
def person():
    return make_entry(make_province(), phone=PHONE)


def run(monkeypatch, role, *answers, **options):
    """Run the command with ``answers`` typed one after the other; return what it printed."""
    typed = iter(answers)
    monkeypatch.setattr(builtins, "input", lambda prompt="": next(typed))
    out = StringIO()
    call_command("recover_duty", role, stdout=out, **options)
    assert list(typed) == []
    return out.getvalue()


def test_two_people_at_the_server_replace_an_administrator(monkeypatch, person):
    root = make_province()
    lost = make_staff(root, Role.SECURITY_ADMINISTRATOR)
    chairs = [make_staff(root), make_staff(make_organization())]
    audit = make_staff(root, Role.AUDIT_ADMINISTRATOR)
    make_staff(root, Role.CADRE)
    old = Duty.objects.get(member=lost)

    said = run(monkeypatch, "security", PHONE, *NAMES, str(old.pk), "yes")

    duty = Duty.objects.get(member=person)
    assert (duty.role, duty.organization, duty.given_by) == (Role.SECURITY_ADMINISTRATOR, root, None)
    old.refresh_from_db()
    assert old.valid_until == timezone.localdate()
    assert Member.objects.get(pk=person.pk).is_staff
    assert Invitation.objects.get().member == person
    assert "/sign-in/invitation/" in said
    assert person.name in said
    entry = AuditEntry.objects.get(action="duty.recover")
    assert all(name in entry.note for name in NAMES)
    assert SealedEntry.objects.filter(entry=entry).exists()
    told = Message.objects.filter(kind="members.duty_recovered")
    assert set(told.values_list("recipient", flat=True)) == {person.pk, lost.pk, audit.pk, *(one.pk for one in chairs)}


def test_a_chair_by_the_number_of_the_row(monkeypatch, person):
    run(monkeypatch, "chair", *NAMES, "yes", member=person.pk)
    assert Duty.objects.get(member=person).role == Role.CHAIR


@pytest.mark.parametrize(
    ("names", "last"),
    [
        (["示例证人甲", "示例证人甲"], "yes"),
        (["示例证人甲", " 示例证人甲 "], "yes"),
        (["", "示例证人乙"], "yes"),
        (["the person", "示例证人乙"], "yes"),
        (NAMES, "no"),
        (NAMES, ""),
    ],
)
def test_equal_names_the_person_as_one_of_them_and_no_yes_are_refused(monkeypatch, person, names, last):
    names = [person.name if name == "the person" else name for name in names]
    with pytest.raises(CommandError):
        run(monkeypatch, "system", PHONE, *names, last)
    assert not Duty.objects.exists()
    assert not AuditEntry.objects.filter(action="duty.recover").exists()
    assert not Message.objects.exists()


def test_an_unknown_number_and_somebody_with_work_are_refused(monkeypatch, person):
    with pytest.raises(CommandError):
        run(monkeypatch, "system", phone_number(812))
    make_duty(person, make_organization())
    with pytest.raises(CommandError):
        run(monkeypatch, "system", PHONE, *NAMES, "yes")
    assert Duty.objects.count() == 1


def test_no_number_stands_on_the_command_line():
    with pytest.raises((CommandError, TypeError)):
        call_command("recover_duty", "system", phone=PHONE)
