"""Selectors for partners of events."""

from __future__ import annotations

from matchmaking.models import EventPartner, Participation
from portal.signups.choices import TOOK_PART


def partner_share(partner: EventPartner) -> int | None:
    """Return how many confirmed participants come from the partner union; None where units are hidden."""
    if partner.event.restricted or partner.organization is None:
        return None
    return Participation.objects.filter(
        offering=partner.event, state__in=TOOK_PART, unit__path__startswith=partner.organization.path
    ).count()
