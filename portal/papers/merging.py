"""Effects of an organisation merger on certificates; numbers and agency words stay where they were given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from portal.papers.models import Certificate

if TYPE_CHECKING:
    from datetime import date

    from django_stubs_ext import StrOrPromise

    from portal.members.models import Member
    from portal.organizations.models import Organization


def consequences(source: Organization) -> list[tuple[StrOrPromise, int]]:
    """Return the effects of a merger as pairs of label and number."""
    count = Certificate.objects.not_withdrawn().filter(organization=source).count()
    return [(_("certificates are transferred and keep their numbers"), count)]


def absorb(*, actor: Member | None, source: Organization, target: Organization, on: date) -> dict[str, int]:
    """Transfer the certificates of ``source`` that are not withdrawn to ``target``; return the counts."""
    count = Certificate.objects.not_withdrawn().filter(organization=source).update(organization=target)
    audit_record(actor=actor, action="certificates.merge", about=target, data={"from": source.pk, "count": count})
    return {"certificates": count}
