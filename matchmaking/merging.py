"""Effects of an organisation merger on singles' profiles; the services of the tree find it by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from matchmaking.models import SingleProfile
from portal.audit.services import audit_record

if TYPE_CHECKING:
    from datetime import date

    from django_stubs_ext import StrOrPromise

    from portal.members.models import Member
    from portal.organizations.models import Organization


def consequences(source: Organization) -> list[tuple[StrOrPromise, int]]:
    """Return the effects of a merger as pairs of label and number."""
    return [(_("confirmations of singles are transferred"), SingleProfile.objects.filter(vouched_unit=source).count())]


def absorb(*, actor: Member | None, source: Organization, target: Organization, on: date) -> dict[str, int]:
    """Let confirmations given to people of ``source`` hold at ``target``, which also decides open ones."""
    given = SingleProfile.objects.filter(vouched_unit=source).update(vouched_unit=target)
    asked = SingleProfile.objects.filter(vetting_organization=source).update(vetting_organization=target)
    audit_record(actor=actor, action="singles.merge", about=target, data={"from": source.pk, "count": given + asked})
    return {"singles": given}
