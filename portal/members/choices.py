from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area, Capability
from portal.core.steps import Step


class IdentityKind(models.TextChoices):
    RESIDENT = "resident", _("Resident identity card")
    PASSPORT = "passport", _("Passport")
    PERMIT = "permit", _("Residence permit")
    NONE = "none", _("No document")


class RevealReason(models.TextChoices):
    CONTACT = "contact", _("To reach her about something she takes part in")
    CHECK = "check", _("To compare the entry with her document")
    ASKED = "asked", _("She asked for it herself")
    LAW = "law", _("A law or an authority asks for it")
    OTHER = "other", _("Another reason")


class DataRequestKind(models.TextChoices):
    CORRECT = "correct", _("Correct my data")
    DELETE = "delete", _("Delete my data")


class DataRequestState(models.TextChoices):
    OPEN = "open", _("Being looked at")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused with reasons")
    WITHDRAWN = "withdrawn", _("Taken back")


DATA_REQUEST_TRANSITIONS = {
    DataRequestState.OPEN: {DataRequestState.DONE, DataRequestState.REFUSED, DataRequestState.WITHDRAWN},
    DataRequestState.DONE: set(),
    DataRequestState.REFUSED: set(),
    DataRequestState.WITHDRAWN: set(),
}


class CodePurpose(models.TextChoices):
    SIGN_IN = "sign_in", _("Sign in")
    FACTOR = "factor", _("Second factor")
    FRESH = "fresh", _("Confirm it is you")


class MaritalStatus(models.TextChoices):
    SINGLE = "single", _("Single")
    OTHER = "other", _("Not single")
    UNKNOWN = "unknown", _("Not stated")


class ChildRelation(models.TextChoices):
    """What the member who enters a child is to it."""

    MOTHER = "mother", _("Mother")
    FATHER = "father", _("Father")
    GRANDPARENT = "grandparent", _("Grandparent")
    GUARDIAN = "guardian", _("Another guardian")


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


class TransferState(models.TextChoices):
    ASKED = "asked", _("Waits for the other unit or the person")
    CONFIRMED = "confirmed", _("Moved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Taken back")
    EXPIRED = "expired", _("Expired")


def decides_transfer(actor, row):
    """The person decides, or whoever edits the roster she leaves; never who asked."""
    if actor.pk == row.member_id:
        return True
    unit = row.from_organization
    return actor.pk != row.asked_by_id and unit is not None and actor.can(Area.MEMBERS, Capability.EDIT, unit.path)


def asks_for_transfer(actor, row):
    """Whoever edits the roster that asks."""
    return actor.can(Area.MEMBERS, Capability.EDIT, row.organization.path)


TRANSFER_TRANSITIONS = {
    TransferState.ASKED: {
        TransferState.CONFIRMED: Step(allowed=decides_transfer),
        TransferState.REFUSED: Step(allowed=decides_transfer),
        TransferState.WITHDRAWN: Step(allowed=asks_for_transfer),
        TransferState.EXPIRED: Step(person=False, time=True),
    },
    TransferState.CONFIRMED: {},
    TransferState.REFUSED: {},
    TransferState.WITHDRAWN: {},
    TransferState.EXPIRED: {},
}
