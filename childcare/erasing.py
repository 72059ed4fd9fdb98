"""Erasure of a person's data in childcare: enrolments of the person's children, and work at sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from childcare.models import CareStaff, Enrolment
from childcare.services.enrolments import enrolments_erase
from childcare.services.sites import staff_erase

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from portal.members.models import Member


def consequences(member: Member) -> list[tuple[StrOrPromise, int]]:
    """Return the effects of a deletion as pairs of label and number."""
    return [
        (_("enrolments of children are deleted"), Enrolment.objects.filter(member=member).count()),
        (_("entries of work at care sites are deleted"), CareStaff.objects.filter(member=member).count()),
    ]


def erase(*, member: Member, actor: Member) -> None:
    """Delete the rows that name the person or a child of the person; sites and terms remain."""
    enrolments_erase(member=member, actor=actor)
    staff_erase(member)
