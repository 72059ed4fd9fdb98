"""The data that the rights area holds on a person, and the people who see them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.db.models import Value
from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area, Capability
from portal.core.own_data import Assigned, Seen, Source, kept
from portal.signups.choices import LIVE
from rights.models import LawSessionSignUp, StationShift

if TYPE_CHECKING:
    from portal.members.models import Member

    Rows = list[tuple[object, ...]]
    Places = list[tuple[str, str]]


def _rows(member: Member) -> Rows:
    shifts = StationShift.objects.of(member).for_list().order_by("weekday", "starts", "pk")
    return [(row.station.name, row.get_weekday_display(), row.starts, row.ends) for row in shifts]


def _kept(member: Member, kind: str) -> Places:
    """Return (path, name) of the rows of a kind; one query for all kinds, because one page asks for all of them."""

    def ask() -> list[tuple[str, str, str]]:
        shifts = StationShift.objects.of(member).values_list(
            Value("shift"), "station__organization__path", "station__name"
        )
        signups = LawSessionSignUp.objects.filter(member=member, state__in=LIVE).values_list(
            Value("session"), "offering__organization__path", "offering__title"
        )
        return list(shifts.union(signups, all=True))

    return [(path, name) for of_kind, path, name in kept(member, "rights", ask) if of_kind == kind]


def _sessions(member: Member) -> Rows:
    rows = LawSessionSignUp.objects.filter(member=member).for_list().order_by("pk")
    return [(row.offering.title, row.offering.starts_at, row.get_state_display(), row.created_at) for row in rows]


SOURCES = (
    Source(
        code="rights.shifts",
        title=_("Hours of duty at rights stations"),
        columns=(_("Rights station"), _("Day of the week"), _("Begins at"), _("Ends at")),
        rows=_rows,
    ),
    Source(
        code="rights.sessions",
        title=_("Sign-ups for law sessions"),
        columns=(_("Law session"), _("Begins"), _("State"), _("Signed up at")),
        rows=_sessions,
    ),
)
SEEN = (
    Seen(
        code="rights.shifts",
        area=Area.RIGHTS,
        capability=Capability.VIEW,
        title=_("Hours of duty at rights stations"),
        fields=(_("Full name"), _("Hours of duty")),
        where=partial(_kept, kind="shift"),
    ),
    Seen(
        code="rights.sessions",
        area=Area.RIGHTS,
        capability=Capability.VIEW,
        title=_("Sign-ups for law sessions"),
        fields=(_("Full name"), _("Unit"), _("State")),
        where=partial(_kept, kind="session"),
    ),
)


def assigned(member: Member) -> list[Assigned]:
    """Return nothing: hours of duty and sign-ups are seen only by holders of a duty."""
    return []
