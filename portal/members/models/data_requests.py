"""What a person asks for about her own data: a correction or the deletion, with the day it is due."""

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
    """One request. ``words`` and ``answer`` may say personal things and are encrypted; the audit has neither."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="data_requests", verbose_name=_("Member"))
    kind = models.CharField(_("What is asked for"), max_length=12, choices=DataRequestKind)
    words = EncryptedTextField(_("In her own words"), max_length=1000)
    state = StateField(DATA_REQUEST_TRANSITIONS, default=DataRequestState.OPEN)
    due_on = DayField(_("Due on"))
    answer = EncryptedTextField(_("Answer"), max_length=1000, null=True, blank=True)
    settled_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Answered by")
    )
    settled_at = MomentField(_("Answered at"), null=True)
    created_at = MomentField(_("Asked at"), auto_now_add=True)

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("Request about own data")
        verbose_name_plural = _("Requests about own data")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "kind"],
                condition=Q(state="open"),
                name="members_datarequest_once",
                violation_error_message=_("You have asked for this already; it is being looked at."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "refused"])
                | Q(settled_by__isnull=False, settled_at__isnull=False, answer__isnull=False),
                name="members_datarequest_settled",
                violation_error_message=_("A request is answered in words and by somebody."),
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
