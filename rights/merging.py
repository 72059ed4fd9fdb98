"""Effects of an organisation merger on rights stations and law sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from rights.models import LawSession, RightsCase, RightsStation
from rights.services.law_sessions import sessions_absorb

if TYPE_CHECKING:
    from datetime import date

    from django_stubs_ext import StrOrPromise

    from portal.members.models import Member
    from portal.organizations.models import Organization


def consequences(source: Organization) -> list[tuple[StrOrPromise, int]]:
    """Return the effects of a merger as pairs of label and number."""
    return [
        (_("rights stations are transferred"), RightsStation.objects.filter(organization=source).count()),
        (_("law sessions are transferred"), LawSession.objects.filter(organization=source).count()),
    ]


def absorb(*, actor: Member | None, source: Organization, target: Organization, on: date) -> dict[str, int]:
    """Transfer the stations and sessions of ``source`` to ``target``, and silently its cases; return the counts.

    Cases that keep the people of ``source`` away keep those of ``target`` away. No count of cases is returned or
    recorded: whoever merges organisations must not learn of them.
    """
    count = RightsStation.objects.filter(organization=source).update(organization=target)
    sessions = sessions_absorb(source=source, target=target)
    RightsCase.objects.filter(unit=source).update(unit=target)
    RightsCase.objects.filter(organization=source).update(organization=target)
    audit_record(actor=actor, action="stations.merge", about=target, data={"from": source.pk, "count": count})
    audit_record(actor=actor, action="sessions.merge", about=target, data={"from": source.pk, "count": sessions})
    return {"stations": count, "law_sessions": sessions}
