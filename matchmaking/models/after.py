"""After hands were held: follow-ups, what a couple says of itself, group weddings, publicity, the hotline."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.after import (
    COUPLE_TRANSITIONS,
    FOLLOW_UP_TRANSITIONS,
    LIVE_COUPLES,
    NOMINATION_TRANSITIONS,
    TICKET_TRANSITIONS,
    WEDDING_TRANSITIONS,
    CoupleState,
    FollowUpKind,
    FollowUpResult,
    FollowUpState,
    Medium,
    NominationState,
    TicketKind,
    TicketState,
    WeddingState,
)
from matchmaking.querysets.after import (
    CoupleQuerySet,
    FollowUpQuerySet,
    NominationQuerySet,
    ReleaseQuerySet,
    TicketQuerySet,
    WeddingQuerySet,
)
from portal.audit.gate import StateField
from portal.core.bounds import PAST, PLANNED
from portal.core.fields import DayField, EncryptedTextField, MomentField


class FollowUp(models.Model):
    """A call-back that a couple is owed; stopped ones say nothing of who stopped them."""

    pair = models.ForeignKey("matchmaking.Pair", on_delete=models.CASCADE, related_name="follow_ups")
    kind = models.CharField(_("Kind"), max_length=10, choices=FollowUpKind)
    due_on = DayField(_("Due"))
    state = StateField(FOLLOW_UP_TRANSITIONS, default=FollowUpState.DUE)
    done_on = DayField(_("Done on"), null=True, editable=False)
    done_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    result = models.CharField(_("Result"), max_length=20, choices=FollowUpResult, blank=True)
    words = EncryptedTextField(_("Note"), max_length=600, blank=True)
    created_at = MomentField(auto_now_add=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("Follow-up")
        verbose_name_plural = _("Follow-ups")
        indexes = [models.Index(fields=["state", "due_on"], name="matchmaking_followup_due")]
        constraints = [
            models.UniqueConstraint(fields=["pair", "kind"], name="matchmaking_followup_once"),
            models.CheckConstraint(
                condition=~Q(state=FollowUpState.DONE) | (Q(done_on__isnull=False) & ~Q(result="")),
                name="matchmaking_followup_done",
            ),
        ]

    def __str__(self):
        return f"Follow-up {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("matchmaking:follow-up-detail", args=[self.pk])


class GroupWedding(models.Model):
    """A group wedding (集体婚礼) that couples apply for."""

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Held by")
    )
    title = models.CharField(_("Title"), max_length=60)
    summary = models.TextField(_("What awaits the couples"), max_length=2000)
    on = DayField(_("Day"), span=PLANNED)
    place = models.CharField(_("Place"), max_length=120)
    couples_most = models.PositiveSmallIntegerField(_("Couples at most"))
    closes_at = MomentField(_("Applications until"), span=PLANNED)
    state = StateField(WEDDING_TRANSITIONS, default=WeddingState.DRAFT)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = WeddingQuerySet.as_manager()

    class Meta:
        verbose_name = _("Group wedding")
        verbose_name_plural = _("Group weddings")
        constraints = [
            models.CheckConstraint(
                condition=Q(couples_most__gte=1, couples_most__lte=500),
                name="matchmaking_wedding_most",
                violation_error_message=_("Between 1 and 500 couples."),
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("matchmaking:wedding-detail", args=[self.pk])


class WeddingCouple(models.Model):
    """Two people who want to be part of a group wedding; one asks, the other confirms.

    Until the other confirms there is no ``partner``: ``partner_index`` is the blind index of the number the asker
    typed, so that the row is the same whether the portal knows that number or not. ``refused_index`` is that index
    where the other one does not want to be asked by this asker any more.
    """

    wedding = models.ForeignKey(GroupWedding, on_delete=models.PROTECT, related_name="couples")
    asker = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey("members.Member", on_delete=models.PROTECT, null=True, related_name="+")
    partner_index = models.CharField(max_length=64, blank=True, editable=False)
    refused_index = models.CharField(max_length=64, blank=True, db_default="", editable=False)
    pair = models.ForeignKey("matchmaking.Pair", on_delete=models.SET_NULL, null=True, related_name="+")
    registered_on = DayField(_("Marriage registered on"), span=PAST, null=True, blank=True)
    state = StateField(COUPLE_TRANSITIONS, default=CoupleState.ASKED)
    place = models.PositiveIntegerField(_("Place in line"), null=True, editable=False)
    reason = models.CharField(_("Reason"), max_length=300, blank=True, editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = CoupleQuerySet.as_manager()

    class Meta:
        verbose_name = _("Couple of a group wedding")
        verbose_name_plural = _("Couples of group weddings")
        indexes = [
            models.Index(
                fields=["partner_index"], condition=Q(state=CoupleState.ASKED), name="matchmaking_couple_asked"
            )
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(asker=F("partner")), name="matchmaking_couple_two"),
            models.CheckConstraint(
                condition=Q(partner__isnull=False) | Q(state__in=[CoupleState.ASKED, CoupleState.WITHDRAWN]),
                name="matchmaking_couple_confirmed",
            ),
            models.UniqueConstraint(
                fields=["wedding", "asker"], condition=Q(state__in=LIVE_COUPLES), name="matchmaking_couple_asker"
            ),
            models.UniqueConstraint(
                fields=["wedding", "partner"], condition=Q(state__in=LIVE_COUPLES), name="matchmaking_couple_partner"
            ),
        ]

    def __str__(self):
        return f"Couple {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("matchmaking:couple-detail", args=[self.pk])

    def people_ids(self) -> set[int]:
        """The ids of the two, of the asker alone until the other has confirmed."""
        return {self.asker_id, self.partner_id} - {None}


class Nomination(models.Model):
    """Somebody is proposed to a medium; nothing leaves before she agreed to this publicity apart from all else."""

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Organisation")
    )
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+", verbose_name=_("Member"))
    medium = models.CharField(_("Medium"), max_length=20, choices=Medium)
    programme = models.CharField(_("Programme or column"), max_length=60)
    purpose = models.CharField(_("What for"), max_length=200)
    state = StateField(NOMINATION_TRANSITIONS, default=NominationState.ASKED)
    settled_on = DayField(_("Settled on"), null=True, editable=False)
    created_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = NominationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Nomination")
        verbose_name_plural = _("Nominations")

    def __str__(self):
        return f"Nomination {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("matchmaking:nomination-detail", args=[self.pk])


class MediaRelease(models.Model):
    """Something that was published about the work, such as a column or a broadcast."""

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Organisation")
    )
    event = models.ForeignKey(
        "matchmaking.MatchEvent",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Event"),
    )
    medium = models.CharField(_("Medium"), max_length=20, choices=Medium)
    title = models.CharField(_("Title"), max_length=100)
    outlet = models.CharField(_("Name of the medium"), max_length=60)
    published_on = DayField(_("Published on"), span=PAST)
    url = models.URLField(_("Address"), blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("Publication")
        verbose_name_plural = _("Publications")

    def __str__(self):
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("matchmaking:release-update", args=[self.pk])


class HotlineTicket(models.Model):
    """A call to the hotline: what was asked, who answers it, until when. The caller need not give her name."""

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("In the hands of")
    )
    kind = models.CharField(_("Kind of matter"), max_length=20, choices=TicketKind)
    subject = models.CharField(_("Subject, without names"), max_length=80)
    words = EncryptedTextField(_("What was asked"), max_length=2000)
    caller = EncryptedTextField(_("Caller"), max_length=60, blank=True)
    caller_phone = EncryptedTextField(_("Number to call back"), max_length=20, blank=True)
    caller_unit = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("The caller's unit"),
    )
    state = StateField(TICKET_TRANSITIONS, default=TicketState.OPEN)
    due_on = DayField(_("Due"))
    handler = models.ForeignKey("members.Member", on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    answer = EncryptedTextField(_("Answer"), max_length=2000, blank=True)
    taken_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+", editable=False)
    answered_at = MomentField(_("Answered at"), null=True, editable=False)
    closed_at = MomentField(_("Closed at"), null=True, editable=False)
    created_at = MomentField(_("Called at"), auto_now_add=True)

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("Hotline ticket")
        verbose_name_plural = _("Hotline tickets")
        indexes = [models.Index(fields=["state", "due_on"], name="matchmaking_ticket_due")]

    def __str__(self):
        return f"Ticket {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("matchmaking:ticket-detail", args=[self.pk])
