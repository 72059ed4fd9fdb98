"""Reports from the door of a nursing room: what is wrong, and what becomes of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.steps import Step


class Trouble(models.TextChoices):
    """What a visitor taps at the door."""

    LOCKED = "locked", _("Locked")
    OCCUPIED = "occupied", _("Occupied by others")
    DIRTY = "dirty", _("Dirty")
    BROKEN = "broken", _("Something is broken")
    MISUSED = "misused", _("Used for something else")
    DISTURBED = "disturbed", _("Disturbed inside, or no privacy")
    UNSAFE = "unsafe", _("Not safe")
    STAFF = "staff", _("Trouble with the staff")


# These go to the level above, not to the room's own manager (domain.md S9; trials N44, N46).
BYPASSING = (Trouble.MISUSED, Trouble.DISTURBED, Trouble.UNSAFE, Trouble.STAFF)


class ReportState(models.TextChoices):
    OPEN = "open", _("To be settled")
    FIXED = "fixed", _("Fixed")
    NO_FAULT = "no_fault", _("No fault found")
    ENDED = "ended", _("Ended with the room")


REPORT_TRANSITIONS = {
    ReportState.OPEN: {ReportState.FIXED: Step(), ReportState.NO_FAULT: Step(), ReportState.ENDED: Step()},
    ReportState.FIXED: {},
    # A visitor who reports the same opens it again.
    ReportState.NO_FAULT: {ReportState.OPEN: Step(person=False, time=True)},
    ReportState.ENDED: {},
}
