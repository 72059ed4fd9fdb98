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
from portal.core.text import mask_name
from portal.members.choices import IdentityKind, MaritalStatus, ProofMeans
from portal.members.independence import bound_pairs
from portal.members.querysets import MemberQuerySet

if TYPE_CHECKING:
    from collections.abc import Collection

    from portal.members.models.duties import Duty

# Django's admin asks by app and action. The role table answers: for the area that the app is named for, or for SYSTEM.
ADMIN_AREAS = {area.value: area for area in Area} | dict.fromkeys(
    ("deadlines", "messaging", "exchange", "statistics"), Area.SYSTEM
)
ADMIN_CAPABILITY = {
    "view": Capability.VIEW,
    "add": Capability.EDIT,
    "change": Capability.EDIT,
    "delete": Capability.EDIT,
}
# The base class has a name of its own, because the type checker does not read an expression in the list of bases.
PeopleManager = BaseUserManager.from_queryset(MemberQuerySet)


class MemberManager(PeopleManager["Member"]):
    """Manager of members; it hides no rows."""


class Member(AbstractBaseUser):
    """One person, one row; the model for users.

    ``login_key`` is the blind index of the confirmed phone, or of the login name of staff. A member on a roster has no
    ``login_key`` and no usable password before the first sign-in. Name and birth year are stored in clear and masked
    for readers who do not need them; document number, birth date and phone are encrypted and are found by blind index.
    """

    last_login = MomentField(_("last login"), null=True, blank=True)
    # Written at most once a day, because a session in use continues without a new sign-in.
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
        _("Marital status as stated by the unit"),
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
    activated_at = MomentField(_("First sign-in"), null=True, editable=False)
    session_key = models.CharField(max_length=40, blank=True, editable=False)
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    password_changed_at = MomentField(null=True, editable=False)
    unlocked_at = MomentField(null=True, editable=False)
    standing_until = DayField(
        _("Vouched for by the unit until (not included)"), span=VALIDITY, null=True, editable=False
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
    # True when the member is treated as the holder of other duties than today's (portal.members.selectors.as_held).
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
        """Bind sessions to the password and ``session_epoch``; raising the epoch ends all of them.

        This holds for sessions by phone as well as by login name.
        """
        salt = "portal.members.models.Member.sessions"
        value = f"{self.password}.{self.session_epoch}"
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()

    @property
    def masked_name(self) -> str:
        """The name as exports show it."""
        return mask_name(self.name)

    @property
    def is_proven(self) -> bool:
        """Whether the person behind the account and its phone is confirmed; until then it is provisional."""
        return self.proven_at is not None

    @property
    def opens_secrets(self) -> bool:
        """Whether private pages are open: the person is confirmed and no recent change of phone closes them.

        Private pages are those that only this person may read.
        """
        closed = self.secrets_closed_until
        return self.is_proven and (closed is None or closed <= timezone.now())

    def sms_number(self) -> str:
        """Return the number to which messages to the member go, or '' where none is known."""
        return self.phone or ""

    @cached_property
    def duties(self) -> list[Duty]:
        """The duties held today, read once a request.

        Empty after a sign-in by phone alone and in a provisional account.
        """
        if self.by_phone_alone or not self.is_proven:
            return []
        return list(self.duty_set.current().select_related("organization").order_by("organization__path", "role"))

    def reach(self, area: Area | None, capability: Capability) -> list[str]:
        """Return the paths at and below which the member holds ``capability`` in ``area``."""
        if not self.is_active:
            return []
        return sorted({d.organization.path for d in self.duties if allows(d.role, area, capability)})

    def own_place(self, area: Area, capability: Capability) -> int | None:
        """Return the pk of the organisation of the first duty that gives ``capability`` in ``area``, or None."""
        paths = self.reach(area, capability)
        return next((duty.organization_id for duty in self.duties if duty.organization.path in paths), None)

    def can(self, area: Area, capability: Capability, path: str) -> bool:
        """Return whether the member holds ``capability`` in ``area`` at the organisation with ``path``."""
        return any(path.startswith(reached) for reached in self.reach(area, capability))

    def may_second(self, proposers: Collection[int], *, both_ways: bool = False) -> bool:
        """Return whether this member may approve what ``proposers``, by pk, proposed.

        The member must be none of the proposers and independent of them.
        """
        return self.pk not in proposers and not bound_pairs(proposers, {self.pk}, both_ways=both_ways)

    @property
    def is_desk(self) -> bool:
        """Whether the member holds a duty now, and so may use the desk."""
        return self.is_active and bool(self.duties)

    @property
    def is_staff(self) -> bool:
        """Whether the member holds an administrator's duty now, and so may use the admin."""
        return self.is_active and any(duty.role in ADMINISTRATORS for duty in self.duties)

    def has_perm(self, perm, obj=None):
        """Answer permission checks of Django's admin (``<app>.<action>_<model>``) from the role table."""
        app_label, _dot, codename = perm.partition(".")
        capability = ADMIN_CAPABILITY.get(codename.partition("_")[0])
        area = ADMIN_AREAS.get(app_label) if in_service(app_label) else None
        return self.is_staff and area is not None and capability is not None and bool(self.reach(area, capability))

    def has_module_perms(self, app_label):
        area = ADMIN_AREAS.get(app_label) if in_service(app_label) else None
        return self.is_staff and area is not None and bool(self.reach(area, Capability.VIEW))
