"""Erasure of a person's data in the rights area: hours of duty at stations, sign-ups for law sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from rights.models import LawSessionSignUp, StationShift
from rights.services.law_sessions import session_signups_erase
from rights.services.stations import shifts_erase

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from portal.members.models import Member


def consequences(member: Member) -> list[tuple[StrOrPromise, int]]:
    """Return the effects of a deletion as pairs of label and number."""
    return [
        (_("hours of duty at rights stations are deleted"), StationShift.objects.of(member).count()),
        (_("sign-ups for law sessions are deleted"), LawSessionSignUp.objects.filter(member=member).count()),
    ]


def erase(*, member: Member, actor: Member) -> None:
    """Delete the rows that name the person; the stations and the sessions remain."""
    shifts_erase(member)
    session_signups_erase(member=member, actor=actor)
