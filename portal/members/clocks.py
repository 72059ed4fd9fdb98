"""The deadlines of members: the answer to a request about one's own data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from portal.core.calendar import LONGEST
from portal.core.choices import Area, Capability
from portal.deadlines.choices import Unit
from portal.deadlines.clock import Clock
from portal.members.models import DataRequest
from portal.members.selectors import holders, nobody_nearer

if TYPE_CHECKING:
    from portal.members.models import Member
    from portal.members.querysets import DataRequestQuerySet
    from portal.organizations.models import Organization

# The law that gives the right and requires a way to use it.
SOURCE = _("Personal Information Protection Law, article 50")


def requests_seen(actor: Member) -> DataRequestQuerySet:
    """Return the requests of members whose entries the actor may edit; never the actor's own."""
    return DataRequest.objects.reached_by(actor, Capability.EDIT).exclude(member=actor)


def requests_waiting(actor: Member) -> DataRequestQuerySet:
    """Return the open requests for which nobody is nearer than the actor; never the actor's own."""
    nearest = nobody_nearer(actor, Area.MEMBERS, Capability.EDIT, organization="member__organization", but=("member",))
    return DataRequest.objects.open().filter(nearest).exclude(member=actor)


def request_staff(row: DataRequest) -> list[Member]:
    """Return the nearest staff who may answer a request."""
    place = row.member.organization
    return list(holders(Area.MEMBERS, Capability.EDIT, place, but={row.member_id})) if place else []


def staff_above(row: DataRequest, organization: Organization) -> list[Member]:
    """Return the staff at the organisation above who may answer a request."""
    return list(holders(Area.MEMBERS, Capability.EDIT, organization, but={row.member_id}))


CLOCKS = [
    Clock(
        code="members.data_request",
        model=DataRequest,
        name=_("Request about own data"),
        unit=Unit.WORKING_DAYS,
        amount=lambda _start: settings.DATA_REQUEST_WORKING_DAYS,
        source=SOURCE,
        open=DataRequest.objects.open,
        seen_by=requests_seen,
        waiting=requests_waiting,
        told=request_staff,
        above=staff_above,
        organization="member__organization",
        area=Area.MEMBERS,
        related=("member__organization",),
        title=lambda row: _g("Answer a request about personal data: %(kind)s") % {"kind": row.get_kind_display()},
        # Shown from the first day on.
        shown_days=LONGEST,
        icon="user-question",
        due_kind="members.data_request_due",
        overdue_kind="members.data_request_overdue",
    )
]
