"""Builders for the planning of events.

These are series, themes, venues, partners, invitations, demands and money.
"""

from datetime import date
from itertools import count

from matchmaking.choices.budgets import CostKind
from matchmaking.choices.demands import DemandState
from matchmaking.choices.partners import PartnerKind
from matchmaking.choices.venues import VenueKind
from matchmaking.models import EventBudget, EventCost, EventDemand, EventPartner, Invitation, Venue
from matchmaking.services.series import series_create, theme_create
from portal.organizations.models import Region
from tests.factories.members import make_member, make_staff
from tests.factories.organizations import make_organization

_numbers = count(1)


def make_region(code="230100", name="示例市"):
    """Return the region of a city; create it on the first call."""
    fields = {"name": name, "short_name": name[:2], "level": 2, "valid_from": date(2000, 1, 1)}
    return Region.objects.get_or_create(code=code, defaults=fields)[0]


def make_series(organization=None, **fields):
    organization = organization or make_organization()
    fields = {"name": f"示例系列{next(_numbers)}", **fields}
    return series_create(actor=make_staff(organization), organization=organization, **fields)


def make_theme(**fields):
    fields = {"name": f"示例主题{next(_numbers)}", "summary": "带一本书来聊聊", **fields}
    return theme_create(actor=None, **fields)


def make_venue(organization=None, **fields):
    organization = organization or make_organization()
    fields = {
        "name": f"示例文化宫{next(_numbers)}",
        "kind": VenueKind.CULTURE_PALACE,
        "region": make_region(),
        "address": "示例路1号",
        "capacity": 100,
        **fields,
    }
    return Venue.objects.create(organization=organization, **fields)


def make_partner(event, organization=None, **fields):
    name = organization.name if organization else f"示例伙伴{next(_numbers)}"
    kind = PartnerKind.UNION if organization else PartnerKind.MEDIA
    return EventPartner.objects.create(event=event, organization=organization, **{"name": name, "kind": kind, **fields})


def make_invitation(event, member=None, unit=None):
    if member is None and unit is None:
        member = make_member(organization=event.organization)
    return Invitation.objects.create(event=event, member=member, unit=unit, invited_by=event.created_by)


def make_demand(unit, *, asked_by=None, state=DemandState.OPEN, **fields):
    fields = {"wish": "周末读书会", "on_behalf_of_unit": True, "people": 10, **fields}
    return EventDemand.objects.create(
        organization=unit, asked_by=asked_by or make_member(organization=unit), state=state, **fields
    )


def make_budget(organization, year=2026, planned="10000.00"):
    return EventBudget.objects.create(organization=organization, year=year, planned=planned)


def make_cost(event, **fields):
    return EventCost.objects.create(event=event, **{"kind": CostKind.VENUE, "planned": "100.00", **fields})
