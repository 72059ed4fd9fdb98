"""States and choices of volunteer matchmakers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.steps import Step


class VolunteerState(models.TextChoices):
    APPLIED = "applied", _("Applied")
    ACTIVE = "active", _("Active")
    RESTING = "resting", _("Service paused")
    ENDED = "ended", _("Ended")


VOLUNTEER_TRANSITIONS = {
    VolunteerState.APPLIED: {VolunteerState.ACTIVE, VolunteerState.ENDED},
    VolunteerState.ACTIVE: {VolunteerState.RESTING: Step(), VolunteerState.ENDED: Step(time=True)},
    VolunteerState.RESTING: {VolunteerState.ACTIVE: Step(), VolunteerState.ENDED: Step(time=True)},
    VolunteerState.ENDED: {VolunteerState.APPLIED: Step()},
}
