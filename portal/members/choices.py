from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.steps import Step


class IdentityKind(models.TextChoices):
    RESIDENT = "resident", _("Resident identity card")
    PASSPORT = "passport", _("Passport")
    PERMIT = "permit", _("Residence permit")
    NONE = "none", _("No document")


class CodePurpose(models.TextChoices):
    SIGN_IN = "sign_in", _("Sign in")
    FACTOR = "factor", _("Second factor")
    FRESH = "fresh", _("Confirm it is you")


class MaritalStatus(models.TextChoices):
    SINGLE = "single", _("Single")
    OTHER = "other", _("Not single")
    UNKNOWN = "unknown", _("Not stated")


class InvitationPurpose(models.TextChoices):
    ACCOUNT = "account", _("Choose login name and password")
    PASSWORD = "password", _("Choose a new password")


class VouchingState(models.TextChoices):
    ASKED = "asked", _("Waits for the unit")
    VOUCHED = "vouched", _("Vouched for")
    REFUSED = "refused", _("Refused")
    EXPIRED = "expired", _("Expired")


VOUCHING_TRANSITIONS = {
    VouchingState.ASKED: {
        VouchingState.VOUCHED: Step(),
        VouchingState.REFUSED: Step(),
        VouchingState.EXPIRED: Step(person=False, time=True),
    },
    VouchingState.VOUCHED: {VouchingState.EXPIRED: Step(person=False, time=True)},
}
