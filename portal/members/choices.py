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
    NEW_PHONE = "new_phone", _("Confirm a new mobile number")
    OLD_PHONE = "old_phone", _("Confirm the earlier mobile number")
    SEEN = "seen", _("Read out to the member of staff in front of you")
    SHOWN = "shown", _("Shown to the member of staff in front of you")


class ProofMeans(models.TextChoices):
    """How the person behind an account was confirmed."""

    OPERATOR = "operator", _("The operator: name, identity number and mobile number belong together")
    REAL_NAME = "real_name", _("The union's real-name service")
    SEEN = "seen", _("Two members of staff who saw the person")
    OLD_PHONE = "old_phone", _("The earlier mobile number")
    RECOVERY = "recovery", _("A recovery code")
    SET_UP = "set_up", _("Named when the portal was set up")
    EARLIER = "earlier", _("Account opened before confirmations were asked for")


class SightingMeans(models.TextChoices):
    """How a member of staff saw the person whose account it is."""

    IN_PERSON = "in_person", _("In person")
    VIDEO = "video", _("By video")
    CHECK_IN = "check_in", _("At the entrance of an event")


class PhoneChangeState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DONE = "done", _("In effect")
    STOPPED = "stopped", _("Stopped from the earlier number")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    VOID = "void", _("Overtaken by another change")
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
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


def not_the_appointer(actor: Member, row: Appointment) -> bool:
    """The second person of an appointment is independent of the proposer, and not the person who is appointed."""
    return actor.pk != row.member_id and actor.may_second({row.proposed_by_id}, both_ways=True)


def is_the_appointer(actor: Member, row: Appointment) -> bool:
    """Only the proposer withdraws an appointment."""
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
    """What the member who enters a child is to it."""

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


def decides_transfer(actor: Member, row: Transfer) -> bool:
    """The person decides, or whoever edits the roster she leaves; never who asked."""
    if actor.pk == row.member_id:
        return True
    unit = row.from_organization
    return actor.pk != row.asked_by_id and unit is not None and actor.can(Area.MEMBERS, Capability.EDIT, unit.path)


def asks_for_transfer(actor: Member, row: Transfer) -> bool:
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
