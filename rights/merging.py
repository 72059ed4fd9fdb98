"""Effects of an organisation merger on rights stations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from rights.models import RightsCase, RightsStation

if TYPE_CHECKING:
    from datetime import date

    from django_stubs_ext import StrOrPromise

    from portal.members.models import Member
    from portal.organizations.models import Organization


def consequences(source: Organization) -> list[tuple[StrOrPromise, int]]:
    """Return the effects of a merger as pairs of label and number."""
    return [(_("rights stations are transferred"), RightsStation.objects.filter(organization=source).count())]


def absorb(*, actor: Member | None, source: Organization, target: Organization, on: date) -> dict[str, int]:
    """Transfer the stations of ``source`` to ``target``, and silently its cases; return the counts of stations.

    Cases that keep the people of ``source`` away keep those of ``target`` away. No count of cases is returned or
    recorded: whoever merges organisations must not learn of them.
    """
    count = RightsStation.objects.filter(organization=source).update(organization=target)
    RightsCase.objects.filter(unit=source).update(unit=target)
    RightsCase.objects.filter(organization=source).update(organization=target)
    audit_record(actor=actor, action="stations.merge", about=target, data={"from": source.pk, "count": count})
    return {"stations": count}
