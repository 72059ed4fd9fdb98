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
    """A hobby that people can choose."""

    name = models.CharField(_("Name"), max_length=20, unique=True)
    order = models.PositiveSmallIntegerField(_("Sort order"), default=100)
    active = models.BooleanField(_("Available"), default=True)

    class Meta:
        verbose_name = _("Hobby")
        verbose_name_plural = _("Hobbies")
        ordering = ["order", "pk"]

    def __str__(self):
        return self.name


class ScoreWeight(models.Model):
    """The weight of a fact when two people are compared; reference data, edited in the admin."""

    key = models.CharField(_("Key"), max_length=20, primary_key=True)
    weight = models.PositiveSmallIntegerField(_("Weight"))

    class Meta:
        verbose_name = _("Weight")
        verbose_name_plural = _("Weights")
        ordering = ["key"]

    def __str__(self):
        return self.key


class SingleProfile(models.Model):
    """The profile of a single.

    It is found by verified active singles whom the single's hard wishes allow, and whose hard wishes allow the single.
    The single's unit, or the level above (``vetting_organization``, as the single chose), confirms that the person
    works there and is single. ``verified_until`` is the day on which this confirmation ends (not included),
    ``vouched_unit`` the person's unit at that time; when the person moves to another unit, the confirmation is void.
    ``held`` means that after a report only the level above may release the profile. Health, religion, income and fees
    are not asked for.
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
    # Wishes about a partner; each is a soft wish unless the single marks it as hard.
    wish_age_from = models.PositiveSmallIntegerField(_("Age at least"), null=True, blank=True)
    wish_age_to = models.PositiveSmallIntegerField(_("Age at most"), null=True, blank=True)
    wish_age_hard = models.BooleanField(_("Age must match"), default=False)
    wish_height_from = models.PositiveSmallIntegerField(_("Height at least (cm)"), null=True, blank=True)
    wish_height_to = models.PositiveSmallIntegerField(_("Height at most (cm)"), null=True, blank=True)
    wish_height_hard = models.BooleanField(_("Height must match"), default=False)
    wish_education = models.PositiveSmallIntegerField(_("Education at least"), choices=Education, null=True, blank=True)
    wish_education_hard = models.BooleanField(_("Education must match"), default=False)
    wish_region = models.ForeignKey(
        "organizations.Region",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Lives in"),
    )
    wish_region_hard = models.BooleanField(_("Place of residence must match"), default=False)
    # Who may find the single.
    hidden_from_own_unit = models.BooleanField(_("Hidden from my own unit"), default=True)
    hidden_from = models.ManyToManyField(
        "organizations.Organization", blank=True, related_name="+", verbose_name=_("Also hidden from these units")
    )
    photo_audience = models.CharField(
        _("Who sees my photos"), max_length=10, choices=PhotoAudience, default=PhotoAudience.NOBODY
    )
    unit_shown = models.BooleanField(_("Verified singles may see my unit's name"), default=False)
    suggestions_on = models.BooleanField(_("Suggest people to me, and me to them"), default=True)
    # The signed declaration, and its confirmation by the unit or the level above.
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
    refusal_reason = models.CharField(_("Reason for the rejection"), max_length=300, blank=True, editable=False)
    vouched_unit = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    held = models.BooleanField(_("Suspended after a report"), default=False, editable=False)
    edited_at = MomentField(_("Last edited"), null=True, editable=False)
    last_seen_on = DayField(_("Last visit"), null=True, editable=False)
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
                violation_error_message=_("The declaration of being single has not been signed yet."),
            ),
            models.CheckConstraint(
                condition=~Q(state=ProfileState.EXITED) | Q(exited_at__isnull=False), name="matchmaking_profile_exited"
            ),
            models.CheckConstraint(
                condition=Q(height_cm=None) | Q(height_cm__gte=120, height_cm__lte=230),
                name="matchmaking_profile_height",
                violation_error_message=_("The height must be between 120 and 230 cm."),
            ),
            models.CheckConstraint(
                condition=Q(wish_age_from=None) | Q(wish_age_to=None) | Q(wish_age_to__gte=F("wish_age_from")),
                name="matchmaking_profile_wish_age",
                violation_error_message=_("The maximum age must not be below the minimum age."),
            ),
            models.CheckConstraint(
                condition=Q(wish_height_from=None)
                | Q(wish_height_to=None)
                | Q(wish_height_to__gte=F("wish_height_from")),
                name="matchmaking_profile_wish_height",
                violation_error_message=_("The maximum height must not be below the minimum height."),
            ),
        ]

    def __str__(self):
        return f"Profile {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("matchmaking:single-detail", args=[self.pk])

    def age_in(self, year: int) -> int | None:
        """Return the age reached in ``year``, as shown on cards and compared with wishes.

        The birth date stays private.
        """
        born = self.member.birth_year
        return year - born if born else None
