"""Models of profiles of singles."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.profiles import PROFILE_TRANSITIONS, VOUCHED, Education, PhotoAudience, ProfileState
from matchmaking.querysets.profiles import SingleProfileQuerySet
from portal.audit.gate import StateField
from portal.core.bounds import VALIDITY
from portal.core.fields import DayField, MomentField


class HobbyTag(models.Model):
    """A hobby people choose from."""

    name = models.CharField(_("Name"), max_length=20, unique=True)
    order = models.PositiveSmallIntegerField(_("Order"), default=100)
    active = models.BooleanField(_("Offered"), default=True)

    class Meta:
        verbose_name = _("Hobby")
        verbose_name_plural = _("Hobbies")
        ordering = ["order", "pk"]

    def __str__(self):
        return self.name


class ScoreWeight(models.Model):
    """How much one thing counts when two people are compared; reference data, edited in the admin."""

    key = models.CharField(_("Key"), max_length=20, primary_key=True)
    weight = models.PositiveSmallIntegerField(_("Weight"))

    class Meta:
        verbose_name = _("Weight")
        verbose_name_plural = _("Weights")
        ordering = ["key"]

    def __str__(self):
        return self.key


class SingleProfile(models.Model):
    """The profile of one single: found by verified active singles her hard preferences allow, and they hers.

    Her unit (or the level above, as she chose: ``vetting_organization``) confirms that she works there and is single.
    ``verified_until`` is the day its word ends (not included), ``vouched_unit`` the unit she then belonged to: once she
    belongs to another, the word is void. ``held``: after a report only the level above lets it go on. No health,
    religion, income or fee is asked for.
    """

    member = models.OneToOneField("members.Member", on_delete=models.PROTECT, related_name="single_profile")
    state = StateField(PROFILE_TRANSITIONS, default=ProfileState.DRAFT)
    nickname = models.CharField(_("Nickname"), max_length=20)
    about = models.TextField(_("About me"), max_length=600)
    hopes = models.TextField(_("Whom I hope to meet"), max_length=400, blank=True)
    height_cm = models.PositiveSmallIntegerField(_("Height in cm"), null=True, blank=True)
    education = models.PositiveSmallIntegerField(_("Education"), choices=Education, null=True, blank=True)
    occupation = models.CharField(_("Kind of work"), max_length=30, blank=True)
    region = models.ForeignKey(
        "organizations.Region",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Where I live"),
    )
    hobbies = models.ManyToManyField(HobbyTag, blank=True, related_name="+", verbose_name=_("Hobbies"))
    # Partner preferences; each counts as a wish unless she says it must hold.
    wish_age_from = models.PositiveSmallIntegerField(_("Youngest"), null=True, blank=True)
    wish_age_to = models.PositiveSmallIntegerField(_("Oldest"), null=True, blank=True)
    wish_age_hard = models.BooleanField(_("The age must fit"), default=False)
    wish_height_from = models.PositiveSmallIntegerField(_("At least so tall (cm)"), null=True, blank=True)
    wish_height_to = models.PositiveSmallIntegerField(_("At most so tall (cm)"), null=True, blank=True)
    wish_height_hard = models.BooleanField(_("The height must fit"), default=False)
    wish_education = models.PositiveSmallIntegerField(_("Education at least"), choices=Education, null=True, blank=True)
    wish_education_hard = models.BooleanField(_("The education must fit"), default=False)
    wish_region = models.ForeignKey(
        "organizations.Region",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Lives in"),
    )
    wish_region_hard = models.BooleanField(_("The place must fit"), default=False)
    # Who may find her.
    hidden_from_own_unit = models.BooleanField(_("Hidden from my own unit"), default=True)
    hidden_from = models.ManyToManyField(
        "organizations.Organization", blank=True, related_name="+", verbose_name=_("Also hidden from these units")
    )
    photo_audience = models.CharField(
        _("Who sees my photos"), max_length=10, choices=PhotoAudience, default=PhotoAudience.NOBODY
    )
    unit_shown = models.BooleanField(_("My unit may be named to verified singles"), default=False)
    suggestions_on = models.BooleanField(_("Suggest people to me, and me to them"), default=True)
    # The signed declaration, and the word of the unit.
    declared_at = MomentField(_("Declared single at"), null=True, editable=False)
    declaration_version = models.PositiveSmallIntegerField(null=True, editable=False)
    vetting_organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    submitted_at = MomentField(_("Submitted at"), null=True, editable=False)
    vetted_by = models.ForeignKey(
        "members.Member", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    vetted_at = MomentField(_("Confirmed at"), null=True, editable=False)
    verified_until = DayField(_("Confirmed until (not included)"), span=VALIDITY, null=True, editable=False)
    refusal_reason = models.CharField(_("Reason of the refusal"), max_length=300, blank=True, editable=False)
    vouched_unit = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    held = models.BooleanField(_("Held after a report"), default=False, editable=False)
    edited_at = MomentField(_("Last edited"), null=True, editable=False)
    last_seen_on = DayField(_("Last looked in"), null=True, editable=False)
    exited_at = MomentField(_("Left at"), null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = SingleProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("Single's profile")
        verbose_name_plural = _("Singles' profiles")
        indexes = [models.Index(fields=["state", "id"], name="matchmaking_profile_state")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=VOUCHED) | Q(verified_until__isnull=False, vetted_at__isnull=False),
                name="matchmaking_profile_vouched",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[*VOUCHED, ProfileState.UNIT_VETTING]) | Q(declared_at__isnull=False),
                name="matchmaking_profile_declared",
                violation_error_message=_("The declaration that she is single is not signed yet."),
            ),
            models.CheckConstraint(
                condition=~Q(state=ProfileState.EXITED) | Q(exited_at__isnull=False), name="matchmaking_profile_exited"
            ),
            models.CheckConstraint(
                condition=Q(height_cm=None) | Q(height_cm__gte=120, height_cm__lte=230),
                name="matchmaking_profile_height",
                violation_error_message=_("A height lies between 120 and 230 cm."),
            ),
            models.CheckConstraint(
                condition=Q(wish_age_from=None) | Q(wish_age_to=None) | Q(wish_age_to__gte=F("wish_age_from")),
                name="matchmaking_profile_wish_age",
                violation_error_message=_("The oldest age is not below the youngest."),
            ),
            models.CheckConstraint(
                condition=Q(wish_height_from=None)
                | Q(wish_height_to=None)
                | Q(wish_height_to__gte=F("wish_height_from")),
                name="matchmaking_profile_wish_height",
                violation_error_message=_("The largest height is not below the smallest."),
            ),
        ]

    def __str__(self):
        return f"Profile {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("matchmaking:single-detail", args=[self.pk])

    def age_in(self, year: int) -> int | None:
        """Return the age she reaches in ``year``: what cards show and wishes compare. The day stays private."""
        born = self.member.birth_year
        return year - born if born else None
