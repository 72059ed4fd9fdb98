"""A duty that was held stays in the lists, however it ends.

Only a duty that has not begun is deleted.
"""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.core.roles import Role
from portal.exchange.registers import registers
from portal.exchange.services.imports import import_check, import_confirm, import_start, import_take_back, import_write
from portal.members.models import Duty, Member
from portal.members.services.duties import duty_end
from portal.members.services.erasing import member_erase
from portal.members.services.transfers import transfer_confirm
from portal.organizations.services.moving import organization_merge
from tests.exchange import files
from tests.factories.members import (
    identity_number,
    make_duty,
    make_member,
    make_staff,
    make_transfer,
    sign_in,
)
from tests.factories.organizations import make_organization, make_province, make_unit

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
SINCE = TODAY - timedelta(days=27)


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.PRIVATE_STORAGE_DIR = tmp_path


class Held:
    """A duty at a unit, and the chair of the city above."""

    def __init__(self, first=SINCE):
        self.city = make_organization()
        self.unit = make_unit(self.city)
        self.chair = make_staff(self.city)
        self.duty = make_duty(make_member(self.unit, name="曾任职"), self.unit, valid_from=first)

    def listed(self, client):
        """Return whether the list of ended duties names the duty, and no other."""
        page = sign_in(client, self.chair).get(reverse("members:duty-list"), {"held": "ended"})
        return [row.record for row in page.context["table"].rows] == [self.duty]


@pytest.mark.parametrize("days", [1, 31, 365])
def test_a_duty_held_since_a_month_is_not_ended_from_before_it_began(client, days):
    held = Held()
    sign_in(client, held.chair)
    body = {"on": (SINCE - timedelta(days=days)).isoformat(), "reason": "从未任职"}
    answer = client.post(reverse("members:duty-end", args=[held.duty.pk]), body)
    assert answer.status_code == 422
    held.duty.refresh_from_db()
    assert held.duty.valid_until is None


def by_page(held, client):
    sign_in(client, held.chair)
    body = {"on": TODAY.isoformat(), "reason": "调离"}
    assert client.post(reverse("members:duty-end", args=[held.duty.pk]), body).status_code == 302


def by_transfer(held, client):
    transfer_confirm(transfer=make_transfer(held.duty.member, make_unit(held.city)), actor=held.duty.member)


def by_merger(held, client):
    organization_merge(actor=held.chair, source=held.unit, target=make_unit(held.city), on=TODAY)


def by_erasure(held, client):
    member_erase(member=held.duty.member, actor=held.chair)


def by_admin(held, client):
    security = make_staff(make_province(), Role.SECURITY_ADMINISTRATOR)
    sign_in(client, security)
    client.post(reverse("admin:members_duty_changelist"), {"action": "end_today", "_selected_action": [held.duty.pk]})


WAYS = [by_page, by_transfer, by_merger, by_erasure, by_admin]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("first", [SINCE, TODAY])
def test_a_duty_that_has_begun_stays_in_the_list_of_the_ended(client, way, first):
    held = Held(first)
    way(held, client)
    held.duty.refresh_from_db()
    assert held.duty.valid_until == TODAY
    assert not Member.objects.get(pk=held.duty.member_id).is_desk
    if way is not by_merger:
        assert held.listed(client)


def test_the_stand_ins_of_an_ended_duty_stay_too():
    held = Held()
    days = {"valid_from": TODAY - timedelta(days=2), "valid_until": TODAY + timedelta(days=2)}
    stand_in = make_duty(make_member(held.unit), held.unit, stand_in_for=held.duty, **days)
    duty_end(actor=held.chair, duty=held.duty, on=SINCE)
    stand_in.refresh_from_db()
    assert stand_in.valid_until == stand_in.valid_from


def test_taking_an_import_back_deletes_no_duty_that_was_held():
    held = Held()
    person = make_member(held.unit, identity_kind="resident", identity_number=identity_number(31))
    headings = ["Identity or mobile number", "Role", "Organisation", "From", "Until (not included)"]
    row = [person.identity_number, "cadre", held.unit.name, SINCE.isoformat(), ""]
    run = import_start(
        actor=held.chair,
        organization=held.city,
        register=registers()["members.appointments"],
        upload=files.upload(files.xlsx([headings, row])),
    )
    import_check(run.job)
    run.refresh_from_db()
    import_write(import_confirm(run=run, actor=held.chair).job)
    run.refresh_from_db()
    import_take_back(run=run, actor=held.chair)
    assert Duty.objects.get(member=person).valid_until == TODAY
