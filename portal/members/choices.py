from django.db import models
from django.utils.translation import gettext_lazy as _


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
