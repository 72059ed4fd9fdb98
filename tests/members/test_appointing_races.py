"""Two people decide at once: only one duty results."""

from portal.core.roles import Role
from portal.members.models import Appointment, Duty
from portal.members.services.appointments import appointment_approve
from tests.members.test_appointing import fresh
from tests.members.test_appointing_root import Root
from tests.threads import at_once


def test_two_approvals_at_once_give_one_duty(fresh_database):
    root = Root()
    row = root.propose(root.security, Role.CHAIR)
    found = at_once(
        lambda actor: appointment_approve(appointment=Appointment.objects.get(pk=row.pk), actor=fresh(actor)),
        [root.system, root.audit],
    )
    assert sum(isinstance(one, Appointment) for one in found) == 1
    assert Duty.objects.filter(member=root.person).count() == 1


def test_two_kinds_approved_at_once_give_one_duty(fresh_database):
    root = Root()
    rows = [root.propose(root.audit, Role.SYSTEM_ADMINISTRATOR), root.propose(root.audit, Role.CHAIR)]
    found = at_once(lambda row: appointment_approve(appointment=row, actor=fresh(root.security)), rows)
    assert sum(isinstance(one, Appointment) for one in found) == 1
    assert Duty.objects.filter(member=root.person).count() == 1
