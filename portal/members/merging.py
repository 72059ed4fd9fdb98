"""What happens to members and duties when organisations merge.

The services of the organisation tree find this module by its name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.audit.services import audit_record
from portal.core.errors import DomainError
from portal.members.models import Appointment, Duty, Member
from portal.members.rules import can_end_duty
from portal.members.services.appointments import appointments_end
from portal.members.services.duties import duty_end
from portal.messaging.services.touching import touch
from portal.organizations.services.organizations import EPOCH

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.utils.functional import Promise

    from portal.organizations.models import Organization

AUDIT_IDS = 20_000


def consequences(source: Organization) -> list[tuple[str | Promise, int]]:
    """Return the effects of a merger as pairs of label and count."""
    return [
        (_("people are moved"), Member.objects.filter(organization=source).count()),
        (_("duties end and must be assigned again by the person who may assign them there"), _duties(source).count()),
        (_("pending appointments expire"), Appointment.objects.waiting().filter(organization=source).count()),
    ]


def _duties(source: Organization) -> QuerySet[Duty]:
    today = timezone.localdate()
    return Duty.objects.filter(organization=source).filter(Q(valid_until=None) | Q(valid_until__gt=today))


def _refuse_to_end(duties: Iterable[Duty], actor: Member | None) -> None:
    """Refuse a merger that would end duties which ``actor`` may not end otherwise.

    ``actor`` None is the server, which may end any.
    """
    beyond = sum(not can_end_duty(actor, duty) for duty in duties) if actor is not None else 0
    if beyond:
        raise DomainError(
            ngettext(
                "You may not end %(count)s duty here. The person who assigns duties there must end "
                "it first, or carry out the merger.",
                "You may not end %(count)s duties here. The person who assigns duties there must end "
                "them first, or carry out the merger.",
                beyond,
            )
            % {"count": beyond},
            code="duties",
        )


def absorb(*, actor: Member | None, source: Organization, target: Organization, on: date) -> dict[str, int]:
    """Move the members of ``source`` to ``target`` and end the duties there; return the counts.

    Duties are not carried over: nobody holds anything at the larger organisation without having been appointed there.
    The actor must be allowed to end each of the duties, because a member who edits the tree may not be one who
    appoints.
    """
    duties = list(_duties(source).select_related("organization"))
    _refuse_to_end(duties, actor)
    ids = list(Member.objects.filter(organization=source).order_by("pk").values_list("pk", flat=True))
    # Filter by organisation and not by pk, so that a member entered while this waited is moved as well.
    people = Member.objects.filter(organization=source).update(organization=target, version=F("version") + 1)
    for unit in (source, target):
        touch(Member._meta.label_lower, unit.pk, EPOCH)
    for duty in duties:
        duty_end(actor=actor, duty=duty)
    appointments_end(Appointment.objects.filter(organization=source))
    audit_record(
        actor=actor,
        action="members.merge",
        about=target,
        data={"from": source.pk, "members": ids[:AUDIT_IDS], "count": people},
    )
    return {"members": people, "duties": len(duties)}
