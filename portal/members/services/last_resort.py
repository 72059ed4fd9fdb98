"""The last resort: two people at the server give a duty at the root when nobody is left who could."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record, seal_all
from portal.core import locks
from portal.core.errors import DomainError
from portal.core.roles import ADMINISTRATORS, Role
from portal.core.text import clean_line
from portal.members.choices import ProofMeans
from portal.members.models import Duty, Member
from portal.members.services.appointments import duty_give
from portal.members.services.duties import duty_end
from portal.members.services.invitations import invitation_link, invitation_send
from portal.messaging.services.messages import messages_post
from portal.organizations.models import Organization

if TYPE_CHECKING:
    from collections.abc import Iterable

RECOVERABLE = {Role.CHAIR, *ADMINISTRATORS}


def duty_recover(*, member: Member, role: str, names: Iterable[str], ends: Iterable[Duty] = ()) -> tuple[Duty, str]:
    """Give ``member`` an administrator's or a chair's duty at the root; return (duty, one-time link).

    ``names`` are the two people at the server, ``ends`` the duties that end at the same time. The two people confirm
    the member. The audit entry is sealed before this returns, and every chair and administrator is told.
    """
    one, other = _two_people(member, names)
    if role not in RECOVERABLE:
        raise DomainError(_("Only a chair and the three administrators can be recovered this way."), code="role")
    with transaction.atomic():
        root = Organization.objects.get(parent=None)
        held = locks.hold(member)
        if not held.is_proven:
            held.proven_at, held.proof = timezone.now(), ProofMeans.SET_UP
            held.save(update_fields=["proven_at", "proof"])
        for ending in ends:
            if ending.role != role or ending.organization_id != root.pk:
                raise DomainError(_("Only a duty of the same kind at the root can be ended with it."), code="ends")
            duty_end(actor=None, duty=ending, reason="recover_duty")
        duty = duty_give(actor=None, member=held, organization=root, role=role)
        assert isinstance(duty, Duty)
        audit_record(
            actor=None,
            action="duty.recover",
            about=duty,
            data={"member": held.pk, "role": role, "ended": [row.pk for row in ends]},
            note=f"{one} · {other}",
        )
        link = invitation_link(invitation_send(actor=None, member=held).pk)
        _alarm(duty, one, other)
    seal_all()
    return duty, link


def _two_people(member: Member, names: Iterable[str]) -> tuple[str, str]:
    one, other = (clean_line(name) for name in names)
    if not one or not other or one.casefold() == other.casefold():
        raise DomainError(_("Two different people must be present at the machine; enter both names."), code="names")
    if member.name.casefold() in {one.casefold(), other.casefold()}:
        raise DomainError(_("The person who receives the duty must not be one of the two."), code="names")
    return one, other


def _alarm(duty: Duty, one: str, other: str) -> None:
    """Tell every chair at every level and the administrators, including those whose duty has just ended."""
    told = Duty.objects.filter(role__in=RECOVERABLE, member__is_active=True)
    told = told.current() | told.filter(valid_until=timezone.localdate())
    context = {"role": duty.role, "organization": duty.organization.name, "one": one, "other": other}
    people = Member.objects.filter(pk__in=told.values("member")).order_by("pk")
    messages_post(
        kind="members.duty_recovered",
        recipients=[(person, context) for person in people.iterator(chunk_size=1000)],
        about=duty,
        url=duty.get_absolute_url(),
    )
