"""Duties at the root: two of the three administrators take part.

Administrators are kept apart from the areas of work.
"""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from portal.core.roles import ADMINISTRATORS, Role
from portal.members.models import Appointment, Duty
from portal.members.services.appointments import appointment_approve, duty_give
from tests.factories.members import make_duty, make_member, make_staff, phone_number, sign_in
from tests.factories.organizations import make_organization, make_province
from tests.members.test_appointing import TODAY, fresh, refusal_of, told

pytestmark = pytest.mark.django_db


class Root:
    """The root with its three administrators, a chair, and a person without a duty."""

    def __init__(self):
        self.root = make_province()
        self.system, self.security, self.audit = (
            make_staff(self.root, role)
            for role in (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR)
        )
        self.chair = make_staff(self.root)
        self.person = make_member(self.root, phone=phone_number(72))

    def propose(self, actor, role, **fields):
        row = {"member": self.person, "organization": self.root, **fields}
        return duty_give(actor=fresh(actor), role=role, **row)


@pytest.fixture
def root():
    return Root()


# Written by hand: who may propose which kind of administrator, and which of the others is the second person.
KINDS = [Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR]


@pytest.mark.parametrize("role", KINDS)
def test_two_administrators_replace_the_third_and_nobody_else_can(root, role):
    by_role = dict(zip(KINDS, (root.system, root.security, root.audit), strict=True))
    replaced = Duty.objects.get(member=by_role.pop(role))
    one, other = by_role.values()
    for nobody in (root.chair, replaced.member, make_staff(root.root, Role.CADRE)):
        assert refusal_of(root.propose, actor=nobody, role=role) == "too-much"
    row = root.propose(one, role, replaces=replaced)
    for nobody in (one, root.chair, replaced.member):
        assert refusal_of(appointment_approve, appointment=row, actor=fresh(nobody)) == "not-second"
    assert fresh(replaced.member).is_staff
    appointment_approve(appointment=row, actor=fresh(other))
    replaced.refresh_from_db()
    assert replaced.valid_until == TODAY
    assert not fresh(replaced.member).is_staff
    assert fresh(root.person).is_staff
    assert told("duty_ended") == {replaced.member_id}


def test_two_administrators_appoint_a_chair_of_the_province(root):
    row = root.propose(root.audit, Role.CHAIR)
    assert refusal_of(appointment_approve, appointment=row, actor=fresh(root.audit)) == "not-second"
    appointment_approve(appointment=row, actor=fresh(root.system))
    assert fresh(root.person).is_desk


@pytest.mark.parametrize("role", [role for role in Role if role not in ADMINISTRATORS])
def test_no_duty_at_the_root_is_given_alone(root, role):
    assert isinstance(root.propose(root.security, role), Appointment)
    assert isinstance(root.propose(root.chair, role, member=make_member(root.root)), Appointment)


def test_an_administrator_is_not_ended_alone(root, client):
    sign_in(client, root.security)
    for administrator in (root.system, root.audit, root.security):
        duty = Duty.objects.get(member=administrator)
        assert client.get(reverse("members:duty-end", args=[duty.pk])).status_code in (403, 404)
        client.post(reverse("admin:members_duty_changelist"), {"action": "end_today", "_selected_action": [duty.pk]})
        duty.refresh_from_db()
        assert duty.valid_until is None


@pytest.mark.parametrize("work", [role for role in Role if role not in ADMINISTRATORS])
def test_the_administrators_and_the_work_are_apart_in_both_orders(root, work):
    worker = make_staff(make_organization(), work)
    assert refusal_of(root.propose, actor=root.audit, role=Role.SYSTEM_ADMINISTRATOR, member=worker) == "apart"
    assert refusal_of(root.propose, actor=root.chair, role=work, member=root.system) == "apart"
    with pytest.raises(IntegrityError), transaction.atomic():
        make_duty(worker, root.root, Role.SYSTEM_ADMINISTRATOR)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_duty(root.system, make_organization(), work)


def test_work_and_administration_may_follow_each_other(root):
    worker = make_member(root.root)
    make_duty(worker, make_organization(), valid_from=TODAY - timedelta(days=9), valid_until=TODAY)
    row = root.propose(root.audit, Role.SYSTEM_ADMINISTRATOR, member=worker)
    appointment_approve(appointment=row, actor=fresh(root.security))
    assert fresh(worker).is_staff


def test_of_two_proposals_of_different_kinds_one_alone_is_approved(root):
    one = root.propose(root.audit, Role.SYSTEM_ADMINISTRATOR)
    other = root.propose(root.audit, Role.CHAIR)
    appointment_approve(appointment=one, actor=fresh(root.security))
    assert refusal_of(appointment_approve, appointment=other, actor=fresh(root.security)) == "apart"
