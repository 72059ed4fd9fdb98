"""Effects of an organisation merger on deadlines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from portal.deadlines.clock import clocks
from portal.deadlines.models import Deadline

if TYPE_CHECKING:
    from datetime import date

    from django_stubs_ext import StrOrPromise

    from portal.members.models import Member
    from portal.organizations.models import Organization


def consequences(source: Organization) -> list[tuple[StrOrPromise, int]]:
    """Return the effects of a merger as pairs of label and number."""
    open_here = Deadline.objects.open().filter(organization=source)
    confidential = [code for code, clock in clocks().items() if clock.confidential]
    return [(_("deadlines are transferred"), open_here.exclude(code__in=confidential).count())]


def absorb(*, actor: Member | None, source: Organization, target: Organization, on: date) -> dict[str, int]:
    """Transfer the open deadlines of ``source`` to ``target``; return the counts."""
    count = Deadline.objects.open().filter(organization=source).update(organization=target)
    Deadline.objects.open().filter(passed_to=source).update(passed_to=target)
    audit_record(actor=actor, action="deadlines.merge", about=target, data={"from": source.pk, "count": count})
    return {"deadlines": count}
