"""Cases of women workers (维权案件): the request, who may open it, and the messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import StateField
from portal.core.fields import DayField, EncryptedTextField, MomentField
from portal.members.models import Assignment
from portal.receipts.models import ReceiptMessage, ReceiptRequest
from rights.choices.cases import (
    CASE_TRANSITIONS,
    AssignedAs,
    CaseCategory,
    CaseState,
    Naming,
    Outcome,
    ProtectedPeriod,
    Solved,
)
from rights.querysets.cases import CaseAssignmentQuerySet, CaseMessageQuerySet, RightsCaseQuerySet

if TYPE_CHECKING:
    from portal.members.models import Member


class RightsCase(ReceiptRequest):
    """A request for help, followed with the code of a receipt; it becomes a case when a union accepts it.

    No column names the applicant's account: whoever asks while signed in is not linked to the request. ``organization``
    is the union that handles it, never the applicant's own unit. ``unit`` was found by the name of the employer that
    the applicant wrote, and only keeps its people away. A request without a name stores neither name nor phone.
    """

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Union in charge")
    )
    region = models.ForeignKey(
        "organizations.Region", on_delete=models.PROTECT, related_name="+", verbose_name=_("Place of work")
    )
    unit = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    state = StateField(CASE_TRANSITIONS, default=CaseState.SUBMITTED)
    number = models.CharField(_("Case number"), max_length=40, blank=True, editable=False)
    naming = models.CharField(_("Name of the applicant"), max_length=20, choices=Naming)
    category = models.CharField(_("What it is about"), max_length=20, choices=CaseCategory)
    period = models.CharField(
        _("Period of special protection"), max_length=20, choices=ProtectedPeriod, default=ProtectedPeriod.NONE
    )
    name = EncryptedTextField(_("Name"), max_length=50, null=True, blank=True)
    phone = EncryptedTextField(_("Phone"), max_length=30, null=True, blank=True)
    employer = EncryptedTextField(_("Employer"), max_length=100, null=True, blank=True)
    kept_away = EncryptedTextField(_("Who must not handle this"), max_length=100, null=True, blank=True)
    story = EncryptedTextField(_("What happened"), max_length=4000, null=True, blank=True)
    wish = EncryptedTextField(_("What the applicant wants"), max_length=600, null=True, blank=True)
    known_on = DayField(_("Known since"), null=True, blank=True)
    limitation_on = DayField(_("Apply for arbitration by"), null=True, blank=True)
    written_by = DayField(_("Answer the applicant by"), null=True, blank=True)
    consent_version = models.CharField(max_length=20, editable=False)
    submitted_at = MomentField(_("Submitted at"))
    due_on = DayField(_("Decide by"))
    accepted_at = MomentField(_("Accepted at"), null=True, blank=True)
    reason = EncryptedTextField(_("Reason for declining"), max_length=600, null=True, blank=True)
    declined_at = MomentField(_("Declined at"), null=True, blank=True)
    objected_at = MomentField(_("Objected at"), null=True, blank=True)
    outcome = models.CharField(_("Outcome"), max_length=20, choices=Outcome, blank=True)
    result = EncryptedTextField(_("Result, in words for the applicant"), max_length=1000, null=True, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Proposed by")
    )
    proposed_at = MomentField(_("Proposed at"), null=True, blank=True)
    approve_by = DayField(_("Decide on the closure by"), null=True, blank=True)
    closed_at = MomentField(_("Closed at"), null=True, blank=True)
    closing_entry = models.OneToOneField(
        "rights.CaseLedgerEntry", on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    solved = models.CharField(_("Solved"), max_length=20, choices=Solved, blank=True)
    answer = EncryptedTextField(_("Answer of the applicant"), max_length=600, null=True, blank=True)
    answered_at = MomentField(_("Answered at"), null=True, blank=True)

    objects = RightsCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("Case")
        verbose_name_plural = _("Cases")
        constraints = [
            models.CheckConstraint(
                condition=~Q(naming="anonymous") | Q(name__isnull=True, phone__isnull=True),
                name="rights_case_without_name",
            ),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="rights_case_number"),
            models.CheckConstraint(condition=~Q(state="closed") | ~Q(outcome=""), name="rights_case_outcome"),
        ]
        indexes = [models.Index(fields=["organization", "state", "due_on"], name="rights_case_list")]

    def __str__(self):
        return self.number or f"Case {self.pk}"

    def get_absolute_url(self):
        return reverse("rights:case-detail", args=[self.pk])

    # The reader of a page and their roles, read once for all buttons of the page.
    read_as: tuple[int, frozenset[str]] | None = None

    def roles_of(self, member: Member) -> frozenset[str]:
        """Return as what the case is assigned to a member today."""
        if self.read_as is not None and self.read_as[0] == member.pk:
            return self.read_as[1]
        rows = self.assignments.current().filter(member=member)
        return frozenset(rows.values_list("role", flat=True))

    @property
    def is_emptied(self) -> bool:
        """Whether the texts were deleted after their time; then nothing can be done with the case."""
        return self.story is None


class CaseAssignment(Assignment):
    """A member of staff who may open a case, and why; it ends with its date or with the duty."""

    case = models.ForeignKey(RightsCase, on_delete=models.CASCADE, related_name="assignments")
    role = models.CharField(_("Role"), max_length=20, choices=AssignedAs)
    stepped_out = models.BooleanField(_("Stepped out"), default=False, editable=False)
    reason = EncryptedTextField(_("Reason for stepping out"), max_length=300, null=True, blank=True)

    objects = CaseAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("Assignment to a case")
        verbose_name_plural = _("Assignments to cases")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "member", "role"],
                condition=Q(valid_until__isnull=True),
                name="rights_assignment_once",
                violation_error_message=_("This person is already assigned to the case."),
            )
        ]
        indexes = [models.Index(fields=["member", "case"], name="rights_assignment_member")]

    def __str__(self):
        return f"{self.get_role_display()} {self.case_id}"

    def get_absolute_url(self):
        return reverse("rights:case-detail", args=[self.case_id])


class CaseMessage(ReceiptMessage):
    """A message between the applicant and the staff of a case."""

    request = models.ForeignKey(RightsCase, on_delete=models.CASCADE, related_name="messages")

    objects = CaseMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("Message of a case")
        verbose_name_plural = _("Messages of cases")
        constraints = ReceiptMessage.message_constraints("rights_message")
        indexes = [models.Index(fields=["request", "id"], name="rights_message_case")]

    def __str__(self):
        return f"Message {self.pk}"

    def get_absolute_url(self):
        return reverse("rights:case-detail", args=[self.request_id])
