"""Requests of members about their own data, for correction or deletion, with the due date."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import StateField
from portal.core.fields import DayField, EncryptedTextField, MomentField
from portal.members.choices import DATA_REQUEST_TRANSITIONS, DataRequestKind, DataRequestState
from portal.members.models.people import Member
from portal.members.querysets import DataRequestQuerySet


class DataRequest(models.Model):
    """One request about own data.

    ``words`` and ``answer`` may contain personal details and are encrypted; the audit contains neither.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="data_requests", verbose_name=_("Member"))
    kind = models.CharField(_("Content of the request"), max_length=12, choices=DataRequestKind)
    words = EncryptedTextField(_("In their own words"), max_length=1000)
    state = StateField(DATA_REQUEST_TRANSITIONS, default=DataRequestState.OPEN)
    due_on = DayField(_("Due on"))
    answer = EncryptedTextField(_("Answer"), max_length=1000, null=True, blank=True)
    settled_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Answered by")
    )
    settled_at = MomentField(_("Answered at"), null=True)
    created_at = MomentField(_("Requested at"), auto_now_add=True)

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("Request about own data")
        verbose_name_plural = _("Requests about personal data")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "kind"],
                condition=Q(state="open"),
                name="members_datarequest_once",
                violation_error_message=_("You have already made this request; it is being processed."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "refused"])
                | Q(settled_by__isnull=False, settled_at__isnull=False, answer__isnull=False),
                name="members_datarequest_settled",
                violation_error_message=_("An answered request needs a written answer and the person who answered it."),
            ),
        ]
        indexes = [models.Index(fields=["due_on", "id"], name="members_datarequest_due", condition=Q(state="open"))]

    def __str__(self):
        return f"Data request {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("members:request-detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == DataRequestState.OPEN
