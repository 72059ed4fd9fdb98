"""Kinds and states of law sessions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.steps import Step


class SessionKind(models.TextChoices):
    LECTURE = "lecture", _("Lecture")
    CONSULTATION = "consultation", _("Advice on site")
    ONLINE = "online", _("Online class")
    QUIZ = "quiz", _("Quiz or contest")


class LawSessionState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Open for sign-up")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


LAW_SESSION_TRANSITIONS = {
    LawSessionState.DRAFT: {
        LawSessionState.OPEN: Step(),
        # For what was planned, and held without sign-up.
        LawSessionState.HELD: Step(),
        LawSessionState.CANCELLED: Step(),
    },
    LawSessionState.OPEN: {LawSessionState.HELD: Step(), LawSessionState.CANCELLED: Step()},
    LawSessionState.HELD: {},
    LawSessionState.CANCELLED: {},
}
# The states in which a session may still be changed.
CHANGING = (LawSessionState.DRAFT, LawSessionState.OPEN)
