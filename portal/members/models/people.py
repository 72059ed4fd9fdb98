"""Members: people on rosters and their accounts."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from portal.core.bounds import PAST, VALIDITY
from portal.core.choices import Area, Capability, Sex
from portal.core.discovery import in_service
from portal.core.fields import DayField, EncryptedDayField, EncryptedTextField, MomentField, YearField
from portal.core.roles import ADMINISTRATORS, allows
from portal.members.choices import IdentityKind, MaritalStatus, ProofMeans
from portal.members.independence import bound_pairs
from portal.members.querysets import MemberQuerySet

if TYPE_CHECKING:
    from collections.abc import Collection

    from portal.members.models.duties import Duty

# The admin asks by app and action; the answer comes from the role table: of the area the app is named for, or SYSTEM.
ADMIN_AREAS = {area.value: area for area in Area} | dict.fromkeys(("messaging", "exchange", "statistics"), Area.SYSTEM)
ADMIN_CAPABILITY = {
    "view": Capability.VIEW,
    "add": Capability.EDIT,
    "change": Capability.EDIT,
    "delete": Capability.EDIT,
}
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
