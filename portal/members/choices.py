from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area, Capability
from portal.core.steps import Step

if TYPE_CHECKING:
    from portal.members.models import Appointment, Member, Transfer


class IdentityKind(models.TextChoices):
    RESIDENT = "resident", _("Resident identity card")
    PASSPORT = "passport", _("Passport")
    PERMIT = "permit", _("Residence permit")
    NONE = "none", _("No document")


class RevealReason(models.TextChoices):
    CONTACT = "contact", _("To contact the person about something they take part in")
    CHECK = "check", _("To compare the entry with the person's document")
    ASKED = "asked", _("Requested by the person")
    LAW = "law", _("Required by law or by an authority")
    OTHER = "other", _("Another reason")


class DataRequestKind(models.TextChoices):
    CORRECT = "correct", _("Correct my data")
    DELETE = "delete", _("Delete my data")


class DataRequestState(models.TextChoices):
    OPEN = "open", _("Being handled")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Rejected with reasons")
    WITHDRAWN = "withdrawn", _("Revoked")


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
    NEW_PHONE = "new_phone", _("Confirm a new mobile number")
    OLD_PHONE = "old_phone", _("Confirm the earlier mobile number")
    SEEN = "seen", _("Read out to the member of staff in front of you")
    SHOWN = "shown", _("Shown to the member of staff in front of you")


class ProofMeans(models.TextChoices):
    """How the person behind an account was confirmed."""

    OPERATOR = "operator", _("Mobile operator: name, identity number and mobile number match")
    REAL_NAME = "real_name", _("The union's real-name service")
    SEEN = "seen", _("Two members of staff who saw the person")
    OLD_PHONE = "old_phone", _("The earlier mobile number")
    RECOVERY = "recovery", _("A recovery code")
    SET_UP = "set_up", _("Named when the portal was set up")
    EARLIER = "earlier", _("Account opened before confirmations were required")


class SightingMeans(models.TextChoices):
    """How a member of staff saw the person to whom the account belongs."""

    IN_PERSON = "in_person", _("In person")
    VIDEO = "video", _("By video")
    CHECK_IN = "check_in", _("At the entrance of an event")


class PhoneChangeState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DONE = "done", _("In effect")
    STOPPED = "stopped", _("Stopped from the earlier number")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    VOID = "void", _("Replaced by another change")
    DISPUTED = "disputed", _("Disputed after it took effect")


PHONE_CHANGE_TRANSITIONS = {
    PhoneChangeState.WAITING: {
        PhoneChangeState.DONE: Step(time=True),
        PhoneChangeState.STOPPED: Step(),
        PhoneChangeState.WITHDRAWN: Step(),
        PhoneChangeState.VOID: Step(time=True),
    },
    PhoneChangeState.DONE: {PhoneChangeState.DISPUTED: Step()},
    PhoneChangeState.STOPPED: {},
    PhoneChangeState.WITHDRAWN: {},
    PhoneChangeState.VOID: {},
    PhoneChangeState.DISPUTED: {},
}


class AppointmentState(models.TextChoices):
    WAITING = "waiting", _("Waiting for a second person")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


def not_the_appointer(actor: Member, row: Appointment) -> bool:
    """The second person is independent of the proposer and is not the member who is appointed."""
    return actor.pk != row.member_id and actor.may_second({row.proposed_by_id}, both_ways=True)


def is_the_appointer(actor: Member, row: Appointment) -> bool:
    """Only the proposer may withdraw an appointment."""
    return actor.pk == row.proposed_by_id


APPOINTMENT_TRANSITIONS = {
    AppointmentState.WAITING: {
        AppointmentState.APPROVED: Step(allowed=not_the_appointer),
        AppointmentState.REFUSED: Step(allowed=not_the_appointer),
        AppointmentState.WITHDRAWN: Step(allowed=is_the_appointer),
        AppointmentState.EXPIRED: Step(person=False, time=True),
    },
    AppointmentState.APPROVED: {},
    AppointmentState.REFUSED: {},
    AppointmentState.WITHDRAWN: {},
    AppointmentState.EXPIRED: {},
}


class MaritalStatus(models.TextChoices):
    SINGLE = "single", _("Single")
    OTHER = "other", _("Not single")
    UNKNOWN = "unknown", _("Not stated")


class ChildRelation(models.TextChoices):
    """What the member who enters a child is to that child."""

    MOTHER = "mother", _("Mother")
    FATHER = "father", _("Father")
    GRANDPARENT = "grandparent", _("Grandparent")
    GUARDIAN = "guardian", _("Another guardian")


class RecoveryPurpose(models.TextChoices):
    FACTOR = "factor", _("In place of the authenticator")
    ACCOUNT = "account", _("After a change of mobile number")


class InvitationPurpose(models.TextChoices):
    ACCOUNT = "account", _("Choose login name and password")
    PASSWORD = "password", _("Choose a new password")


class VouchingState(models.TextChoices):
    ASKED = "asked", _("Waiting for the unit")
    VOUCHED = "vouched", _("Vouched for")
    REFUSED = "refused", _("Rejected")
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
    ASKED = "asked", _("Waiting for the other unit or the person")
    CONFIRMED = "confirmed", _("Moved")
    REFUSED = "refused", _("Rejected")
    WITHDRAWN = "withdrawn", _("Revoked")
    EXPIRED = "expired", _("Expired")


def decides_transfer(actor: Member, row: Transfer) -> bool:
    """The member decides, or an editor of the roster that the member leaves, but never the requester."""
    if actor.pk == row.member_id:
        return True
    unit = row.from_organization
    return actor.pk != row.asked_by_id and unit is not None and actor.can(Area.MEMBERS, Capability.EDIT, unit.path)


def asks_for_transfer(actor: Member, row: Transfer) -> bool:
    """The actor may edit the roster of the unit that requests the transfer."""
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
