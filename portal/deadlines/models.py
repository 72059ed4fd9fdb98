"""Clock rules as data, and the deadlines that they made."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import StateField
from portal.core.fields import DayField, MomentField
from portal.deadlines.choices import DEADLINE_TRANSITIONS, OPEN_DEADLINES, DeadlineState, RollingRule, StartRule, Unit
from portal.deadlines.querysets import DeadlineQuerySet


class ClockRule(models.Model):
    """How the deadlines of a clock are counted; without a row, the rule declared by the app applies.

    A changed rule applies to deadlines that start later: each deadline keeps the rule that it was counted by.
    """

    code = models.CharField(_("Clock"), max_length=80, unique=True)
    unit = models.CharField(_("Unit"), max_length=20, choices=Unit)
    start_rule = models.CharField(_("Start"), max_length=20, choices=StartRule, default=StartRule.NEXT_DAY)
    rolling = models.CharField(_("Last day off"), max_length=20, choices=RollingRule, default=RollingRule.STAYS)
    source = models.CharField(_("Source"), max_length=200)

    class Meta:
        verbose_name = _("Rule of a clock")
        verbose_name_plural = _("Rules of clocks")
        ordering = ["code"]

    def __str__(self):
        return self.code


class Deadline(models.Model):
    """What must be done about a row of any app, by when, and by which rule.

    The rule is stored with the deadline: unit, amount, start rule, rolling rule and the days of pauses; ``source`` is
    that of a stored ClockRule, "" where the app declares it.
    ``unmoved_on`` is the last day before the rolling rule. ``amount`` is None for a deadline that was taken over from
    before this table existed; its day is never counted again. ``provisional``: the holidays of a year in between were
    not known yet. ``passed_to`` is the organisation above to which an overdue deadline was passed.
    """

    code = models.CharField(_("Clock"), max_length=80)
    about_model = models.CharField(max_length=80)
    about_id = models.BigIntegerField()
    organization = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("Responsible organisation"),
    )
    state = StateField(DEADLINE_TRANSITIONS, default=DeadlineState.RUNNING)
    started_on = DayField(_("Started on"))
    unit = models.CharField(_("Unit"), max_length=20, choices=Unit)
    amount = models.PositiveSmallIntegerField(_("Amount"), null=True)
    start_rule = models.CharField(_("Start"), max_length=20, choices=StartRule)
    rolling = models.CharField(_("Last day off"), max_length=20, choices=RollingRule)
    source = models.CharField(_("Source"), max_length=200, blank=True)
    paused_on = DayField(_("Paused on"), null=True)
    paused_days = models.PositiveSmallIntegerField(_("Days of pauses"), default=0)
    unmoved_on = DayField(_("Last day before it moved"))
    due_on = DayField(_("Due on"))
    provisional = models.BooleanField(_("Provisional"), default=False)
    settled_on = DayField(_("Settled on"), null=True)
    passed_to = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Passed to")
    )
    created_at = MomentField(auto_now_add=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("Deadline")
        verbose_name_plural = _("Deadlines")
        constraints = [
            models.UniqueConstraint(
                fields=["code", "about_id"],
                condition=Q(state__in=[str(state) for state in OPEN_DEADLINES]),
                name="deadlines_deadline_once",
                violation_error_message=_("This deadline is running already."),
            ),
            models.CheckConstraint(
                condition=Q(state="paused", paused_on__isnull=False) | (~Q(state="paused") & Q(paused_on__isnull=True)),
                name="deadlines_deadline_paused",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on", "id"],
                name="deadlines_deadline_due",
                condition=Q(state__in=[str(state) for state in OPEN_DEADLINES]),
            ),
            models.Index(fields=["about_model", "about_id"], name="deadlines_deadline_about"),
        ]

    def __str__(self):
        return f"Deadline {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_DEADLINES

    @property
    def moved(self) -> bool:
        """Return whether the rolling rule moved the last day."""
        return self.due_on != self.unmoved_on
