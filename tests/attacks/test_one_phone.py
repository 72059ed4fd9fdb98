"""One mobile number belongs to one person.

This holds at every entry point through which a number is entered, and for two people who enter it at once.
"""

import pytest
from django.urls import reverse

from portal.core.errors import DomainError
from portal.exchange.choices import RunState
from portal.exchange.registers import registers
from portal.exchange.services.imports import import_check, import_start
from portal.members.backends import login_key_of_phone
from portal.members.models import Invitation, Member
from portal.members.services.appointments import duty_give
from portal.members.services.invitations import invitation_send
from portal.members.services.people import member_create, phone_index_of
from portal.members.services.vouching import vouching_grant
from tests.attacks.test_duties_alone import TODAY
from tests.exchange import files
from tests.factories.members import (
    identity_number,
    make_duty,
    make_entry,
    make_member,
    make_staff,
    make_vouching,
    phone_number,
    sign_in,
)
from tests.factories.organizations import make_organization, make_unit
from tests.threads import at_once

PHONE = phone_number(4321)
CADRE = "cadre"


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.PRIVATE_STORAGE_DIR = tmp_path
    settings.SMS_DIR = tmp_path / "sms"


class Doors:
    """A city whose cadre has a confirmed phone, and a chair who enters that number for another person."""

    def __init__(self):
        self.city = make_organization()
        self.unit = make_unit(self.city)
        self.chair = make_staff(self.city)
        self.cadre = make_staff(self.city, CADRE, phone=PHONE)


def added(doors, client):
    sign_in(client, doors.chair)
    body = {
        "organization": doors.unit.pk,
        "name": "示例新",
        "sex": "female",
        "identity_number": identity_number(61),
        "phone": PHONE,
        "marital_status": "unknown",
    }
    assert client.post(reverse("members:member-create"), body).status_code == 422


def edited(doors, client):
    person = make_entry(doors.unit)
    sign_in(client, doors.chair)
    body = {"name": person.name, "marital_status": "unknown", "version": person.version, "phone": PHONE}
    assert client.post(reverse("members:member-update", args=[person.pk]), body).status_code == 422


def replaced(doors, client):
    person = make_member(doors.unit, phone=phone_number(4322))
    sign_in(client, doors.chair)
    answer = client.post(reverse("members:member-phone", args=[person.pk]), {"phone": PHONE, "reason": "换号"})
    assert answer.status_code == 422


def imported(doors, client):
    headings = ["Unit", "Full name", "Sex", "Identity number", "Mobile number"]
    row = [doors.unit.name, "示例新", "female", identity_number(62), PHONE]
    run = import_start(
        actor=doors.chair,
        organization=doors.city,
        register=registers()["members.roster"],
        upload=files.upload(files.xlsx([headings, row])),
    )
    import_check(run.job)
    run.refresh_from_db()
    assert (run.state, [fault["column"] for fault in run.faults]) == (RunState.CHECKED_FAULTY, ["phone"])


def vouched(doors, client):
    row = make_vouching(doors.unit, serial=63, phone=PHONE, phone_index=phone_index_of(PHONE))
    with pytest.raises(DomainError):
        vouching_grant(actor=doors.chair, vouching=row, until=TODAY.replace(year=TODAY.year + 1))


def invited(doors, client):
    """Invite a person whose number is also another person's.

    The two entries with one number are from before the rule; neither gets a link to it.
    """
    other = make_member(doors.unit, phone=PHONE)
    make_duty(other, doors.unit)
    with pytest.raises(DomainError):
        invitation_send(actor=doors.chair, member=other)
    with pytest.raises(DomainError):
        duty_give(actor=doors.chair, member=other, organization=doors.city, role="editor")
    assert not Invitation.objects.exists()
    other.duty_set.all().delete()
    other.delete()


DOORS = [added, edited, replaced, imported, vouched, invited]


@pytest.mark.django_db
@pytest.mark.parametrize("door", DOORS)
def test_the_phone_of_a_cadre_is_taken_at_no_door(client, door):
    doors = Doors()
    door(doors, client)
    assert list(Member.objects.filter(phone_index=phone_index_of(PHONE))) == [doors.cadre]


@pytest.mark.django_db
@pytest.mark.parametrize("door", [added, edited, imported])
def test_a_number_that_opens_an_account_is_taken_even_where_no_entry_has_it(client, door):
    doors = Doors()
    holder = make_member(doors.city, phone=phone_number(4323))
    Member.objects.filter(pk=holder.pk).update(login_key=login_key_of_phone(PHONE))
    Member.objects.filter(pk=doors.cadre.pk).update(phone=None, phone_index="")
    door(doors, client)
    assert not Member.objects.filter(phone_index=phone_index_of(PHONE)).exists()


def test_of_two_who_write_one_number_at_once_one_is_refused(fresh_database):
    doors = Doors()
    phone = phone_number(4399)

    def write(serial):
        return member_create(
            actor=doors.chair,
            organization=doors.unit,
            name="示例新",
            sex="female",
            identity_kind="resident",
            identity_number=identity_number(serial),
            phone=phone,
        )

    found = at_once(write, [71, 72, 73, 74])
    assert sum(isinstance(one, Member) for one in found) == 1
    assert Member.objects.filter(phone_index=phone_index_of(phone)).count() == 1
