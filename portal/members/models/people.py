"""People, their duties, what they agreed to, and the codes they sign in with."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from portal.core.bounds import PAST, VALIDITY
from portal.core.choices import Area, Capability, Sex
from portal.core.discovery import in_service
from portal.core.fields import DayField, EncryptedDayField, EncryptedTextField, MomentField, YearField
from portal.core.roles import ADMINISTRATORS, Role, allows
from portal.members.choices import CodePurpose, IdentityKind, MaritalStatus, ProofMeans
from portal.members.independence import bound_pairs
from portal.members.querysets import ConsentQuerySet, DutyQuerySet, MemberQuerySet

if TYPE_CHECKING:
    from collections.abc import Collection

# The admin asks by app and action; the answer comes from the role table: of the area the app is named for, or SYSTEM.
ADMIN_AREAS = {area.value: area for area in Area} | dict.fromkeys(("messaging", "exchange", "statistics"), Area.SYSTEM)
ADMIN_CAPABILITY = {
    "view": Capability.VIEW,
    "add": Capability.EDIT,
    "change": Capability.EDIT,
    "delete": Capability.EDIT,
}


ADMINISTRATOR_ROLES = sorted(ADMINISTRATORS)
APART = _("An administrator holds no duty of the work, and who holds one is no administrator: end the other first.")


# By a name of its own: what reads the types does not look into the bases of a class.
PeopleManager = BaseUserManager.from_queryset(MemberQuerySet)


class MemberManager(PeopleManager["Member"]):
    """Finds people; hides none."""


class Member(AbstractBaseUser):
    """One person, one row. ``login_key`` is the blind index of her confirmed phone or of a staff login name.

    A member from a roster has no ``login_key`` and no usable password until she activates. Name and birth year stand in
    clear (masked outside the reader's need); document number, birth date and phone are encrypted, found by blind index.
    """

    last_login = MomentField(_("last login"), null=True, blank=True)
    # Written at most once a day: a session that is used goes on without a sign-in.
    last_seen_at = MomentField(null=True, editable=False)
    login_key = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001 - unique
    name = models.CharField(_("Full name"), max_length=60)
    pinyin = models.CharField(max_length=100, editable=False)
    sex = models.CharField(_("Sex"), max_length=10, choices=Sex)
    birth_year = YearField(_("Birth year"), null=True, blank=True)
    birth_date = EncryptedDayField(_("Birth date"), span=PAST, null=True, blank=True)
    identity_kind = models.CharField(
        _("Kind of document"), max_length=12, choices=IdentityKind, default=IdentityKind.RESIDENT
    )
    identity_number = EncryptedTextField(_("Identity number"), max_length=30, null=True, blank=True)
    identity_index = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001 - unique
    phone = EncryptedTextField(_("Mobile number"), max_length=11, null=True, blank=True)
    phone_index = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    phone_confirmed_at = MomentField(_("Mobile number confirmed"), null=True, blank=True, editable=False)
    marital_status = models.CharField(
        _("Marital status as the unit stated it"),
        max_length=10,
        choices=MaritalStatus,
        default=MaritalStatus.UNKNOWN,
    )
    organization = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        null=True,
        related_name="members",
        verbose_name=_("Unit"),
    )
    language = models.CharField(max_length=10, blank=True)
    is_active = models.BooleanField(_("Active"), default=True)
    activated_at = MomentField(_("Signed in first"), null=True, editable=False)
    session_key = models.CharField(max_length=40, blank=True, editable=False)
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    password_changed_at = MomentField(null=True, editable=False)
    unlocked_at = MomentField(null=True, editable=False)
    standing_until = DayField(
        _("Her unit vouches for her until (not included)"), span=VALIDITY, null=True, editable=False
    )
    entered_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("Entered by")
    )
    proven_at = MomentField(_("Person confirmed"), null=True, editable=False)
    proof = models.CharField(
        _("Confirmed by"), max_length=12, choices=ProofMeans, blank=True, db_default="", editable=False
    )
    secrets_closed_until = MomentField(_("Private pages closed until"), null=True, editable=False)
    erased_at = MomentField(_("Erased at"), null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = MemberManager()

    by_phone_alone = False
    # Asked as one who holds other duties than today's (portal.members.selectors.as_held).
    as_held = False

    USERNAME_FIELD = "login_key"

    class Meta:
        verbose_name = _("Member")
        verbose_name_plural = _("Members")
        constraints = [
            models.CheckConstraint(
                condition=Q(login_key=None) | Q(activated_at__isnull=False), name="members_member_activated"
            ),
            models.CheckConstraint(condition=~Q(login_key=""), name="members_member_login_key"),
        ]
        indexes = [
            models.Index(fields=["organization", "pinyin", "id"], condition=Q(erased_at=None), name="members_roster"),
            models.Index(fields=["pinyin", "id"], name="members_by_name"),
            models.Index(fields=["standing_until"], condition=Q(standing_until__isnull=False), name="members_standing"),
        ]

    def __str__(self):
        return f"Member {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("members:member-detail", args=[self.pk])

    def _get_session_auth_hash(self, secret=None):
        """Bind sessions to the password and to ``session_epoch``: a step of it ends them all, by phone or by name."""
        salt = "portal.members.models.Member.sessions"
        value = f"{self.password}.{self.session_epoch}"
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()

    @property
    def is_proven(self) -> bool:
        """Whether the person behind this account and its phone has been confirmed; until then it is provisional."""
        return self.proven_at is not None

    @property
    def opens_secrets(self) -> bool:
        """Whether pages that only this person may read are open: confirmed, and no recent change of phone bars them."""
        closed = self.secrets_closed_until
        return self.is_proven and (closed is None or closed <= timezone.now())

    def sms_number(self) -> str:
        """The number that messages to her go to; '' where none is known."""
        return self.phone or ""

    @cached_property
    def duties(self) -> list[Duty]:
        """Duties held today, read once a request; none after a sign-in by phone alone or in a provisional account."""
        if self.by_phone_alone or not self.is_proven:
            return []
        return list(self.duty_set.current().select_related("organization").order_by("organization__path", "role"))

    def reach(self, area: Area | None, capability: Capability) -> list[str]:
        """Return the paths at and below which she holds ``capability`` in ``area``."""
        if not self.is_active:
            return []
        return sorted({d.organization.path for d in self.duties if allows(d.role, area, capability)})

    def own_place(self, area: Area, capability: Capability) -> int | None:
        """Return the pk of the organisation of the first duty that gives ``capability`` in ``area``, or None."""
        paths = self.reach(area, capability)
        return next((duty.organization_id for duty in self.duties if duty.organization.path in paths), None)

    def can(self, area: Area, capability: Capability, path: str) -> bool:
        """Say whether she holds ``capability`` in ``area`` at the organisation with ``path``."""
        return any(path.startswith(reached) for reached in self.reach(area, capability))

    def may_second(self, proposers: Collection[int], *, both_ways: bool = False) -> bool:
        """Say whether this person can approve what ``proposers``, by pk, proposed: another one, and independent."""
        return self.pk not in proposers and not bound_pairs(proposers, {self.pk}, both_ways=both_ways)

    @property
    def is_desk(self) -> bool:
        """Whether she holds any duty now, and so works at the desk."""
        return self.is_active and bool(self.duties)

    @property
    def is_staff(self) -> bool:
        """Whether she holds an administrator's duty now: the door of the admin."""
        return self.is_active and any(duty.role in ADMINISTRATORS for duty in self.duties)

    def has_perm(self, perm, obj=None):
        """Answer Django's admin from the role table: ``<app>.<action>_<model>``."""
        app_label, _dot, codename = perm.partition(".")
        capability = ADMIN_CAPABILITY.get(codename.partition("_")[0])
        area = ADMIN_AREAS.get(app_label) if in_service(app_label) else None
        return self.is_staff and area is not None and capability is not None and bool(self.reach(area, capability))

    def has_module_perms(self, app_label):
        area = ADMIN_AREAS.get(app_label) if in_service(app_label) else None
        return self.is_staff and area is not None and bool(self.reach(area, Capability.VIEW))


class Duty(models.Model):
    """A role at an organisation for a time; it ends by itself."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, verbose_name=_("Member"))
    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="duties", verbose_name=_("Organisation")
    )
    role = models.CharField(_("Role"), max_length=30, choices=Role)
    valid_from = DayField(_("From"), span=VALIDITY)
    valid_until = DayField(_("Until (not included)"), span=VALIDITY, null=True, blank=True)
    given_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="duties_given", verbose_name=_("Given by")
    )
    confirmed_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Confirmed by")
    )
    stand_in_for = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, related_name="stand_ins", verbose_name=_("Stands in for")
    )
    created_at = MomentField(auto_now_add=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("Duty")
        verbose_name_plural = _("Duties")
        constraints = [
            # A duty that is ended on its first day lasts no day and stays in the lists.
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="members_duty_dates",
                violation_error_message=_("A duty ends after it begins."),
            ),
            models.UniqueConstraint(
                fields=["member", "organization", "role"],
                condition=Q(valid_until=None),
                name="members_duty_once",
                violation_error_message=_("She holds this role here already."),
            ),
            models.CheckConstraint(
                condition=Q(given_by=None) | ~Q(given_by=F("member")),
                name="members_duty_not_own",
                violation_error_message=_("Nobody appoints herself."),
            ),
            models.CheckConstraint(
                condition=Q(stand_in_for=None) | Q(valid_until__isnull=False),
                name="members_duty_stand_in",
                violation_error_message=_("Standing in has a first and a last day."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None)
                | (~Q(confirmed_by=F("member")) & (Q(given_by=None) | ~Q(confirmed_by=F("given_by")))),
                name="members_duty_confirmed",
                violation_error_message=_("Another person than the proposer decides."),
            ),
            # The three administrators do none of the work; days in between are judged when a duty is given.
            ExclusionConstraint(
                name="members_duty_work_apart",
                expressions=[
                    ("member", RangeOperators.EQUAL),
                    (
                        Case(When(role__in=ADMINISTRATOR_ROLES, then=Value(1)), default=Value(0)),
                        RangeOperators.NOT_EQUAL,
                    ),
                ],
                condition=Q(valid_until=None),
                violation_error_message=APART,
            ),
            # System, security and audit administrators watch one another: nobody is two of them on one day.
            ExclusionConstraint(
                name="members_duty_one_administrator",
                expressions=[
                    ("member", RangeOperators.EQUAL),
                    ("role", RangeOperators.NOT_EQUAL),
                    (
                        Func(F("valid_from"), F("valid_until"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(role__in=ADMINISTRATOR_ROLES),
                violation_error_message=_(
                    "System, security and audit administrators are three people: she holds another of these duties."
                ),
            ),
        ]

    def __str__(self):
        return f"Duty {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("members:duty-detail", args=[self.pk])

    def validate_constraints(self, exclude=None):
        """Judge what depends on the days once both can be read."""
        if not exclude or not {"valid_from", "valid_until"} & set(exclude):
            super().validate_constraints(exclude=exclude)


class Assignment(models.Model):
    """A role that reaches one thing and not a subtree; rooms make it concrete."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name=_("Member"))
    valid_from = DayField(_("From"), span=VALIDITY)
    valid_until = DayField(_("Until (not included)"), span=VALIDITY, null=True, blank=True)
    given_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = MomentField(auto_now_add=True)

    class Meta:
        abstract = True


class Consent(models.Model):
    """What she agreed to: purpose, version of the text, language, digest of the words shown, and when.

    ``about_id`` is the row it was given for (an event); None where it holds for the portal. For a member under 14
    ``guardian`` gave it. ``as_guardian``: she gave it for a child of hers, which is ``about_id``.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    about_id = models.BigIntegerField(null=True)
    language = models.CharField(max_length=10)
    text_digest = models.CharField(max_length=64)
    channel = models.CharField(max_length=20, default="web")
    given_at = MomentField(auto_now_add=True)
    withdrawn_at = MomentField(null=True)
    guardian = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="consents_for_others", verbose_name=_("Guardian")
    )
    as_guardian = models.BooleanField(_("Given as a guardian"), default=False)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("Consent")
        verbose_name_plural = _("Consents")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "purpose", "about_id"],
                condition=Q(withdrawn_at=None),
                nulls_distinct=False,
                name="members_consent_once",
            ),
            models.CheckConstraint(
                condition=Q(guardian=None) | ~Q(guardian=F("member")),
                name="members_consent_guardian",
                violation_error_message=_("A guardian is another person."),
            ),
            models.CheckConstraint(
                condition=Q(as_guardian=False) | Q(guardian=None, about_id__isnull=False),
                name="members_consent_as_guardian",
                violation_error_message=_("A guardian agrees for one child."),
            ),
        ]

    def __str__(self):
        return f"Consent {self.pk}"


class SignInCode(models.Model):
    """A one-time code: only its hash is kept; five minutes, five tries, one use."""

    purpose = models.CharField(max_length=10, choices=CodePurpose)
    phone = EncryptedTextField(max_length=11)
    phone_index = models.CharField(max_length=64)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, null=True)
    code_hash = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = MomentField(auto_now_add=True)
    expires_at = MomentField(db_index=True)
    confirmed_at = MomentField(null=True)
    used_at = MomentField(null=True)

    class Meta:
        verbose_name = _("Sign-in code")
        verbose_name_plural = _("Sign-in codes")

    def __str__(self):
        return f"Sign-in code {self.pk}"
