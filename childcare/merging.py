"""Effects of an organisation merger on care sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from childcare.models import CareSite, Nursery
from childcare.services.nurseries import nurseries_absorb
from childcare.services.sites import sites_absorb
from portal.audit.services import audit_record

if TYPE_CHECKING:
    from datetime import date

    from django_stubs_ext import StrOrPromise

    from portal.members.models import Member
    from portal.organizations.models import Organization


def consequences(source: Organization) -> list[tuple[StrOrPromise, int]]:
    """Return the effects of a merger as pairs of label and number."""
    return [
        (_("care sites are transferred"), CareSite.objects.filter(organization=source).count()),
        (_("nurseries are transferred"), Nursery.objects.filter(organization=source).count()),
    ]


def absorb(*, actor: Member | None, source: Organization, target: Organization, on: date) -> dict[str, int]:
    """Transfer sites and nurseries of ``source`` to ``target``, with all that belongs to them; return the counts."""
    sites = sites_absorb(source=source, target=target)
    nurseries = nurseries_absorb(source=source, target=target)
    data = {"from": source.pk, "sites": sites, "nurseries": nurseries}
    audit_record(actor=actor, action="sites.merge", about=target, data=data)
    return {"care_sites": sites, "nurseries": nurseries}
