"""Pages of matchmaking: events, what members meet, the caseload, singles, and the desk's word."""

from matchmaking.views import (
    caseload,
    events,
    meet,
    profiles,
    reports,
    safety,
    single_deeds,
    single_profile,
    singles,
    steps,
    vetting,
)

__all__ = [
    "caseload",
    "events",
    "meet",
    "profiles",
    "reports",
    "safety",
    "single_deeds",
    "single_profile",
    "singles",
    "steps",
    "vetting",
]
