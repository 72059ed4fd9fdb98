"""Password rules of staff (GB/T 22239, level 3) as Django validators; other members have no password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.members.models import Member, PasswordHistory

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


CLASSES = (str.islower, str.isupper, str.isdecimal, lambda char: not char.isalnum())


class ClassesValidator:
    """Requires characters of at least ``least`` of the four classes.

    The classes are small letters, capital letters, digits, and other characters.
    """

    def __init__(self, least: int = 3) -> None:
        self.least = least

    def validate(self, password: str, user: Member | None = None) -> None:
        if sum(any(is_of(char) for char in password) for is_of in CLASSES) < self.least:
            raise ValidationError(self.get_help_text(), code="password_classes")

    def get_help_text(self) -> str:
        return _t("Use at least %(least)s of these: small letters, capital letters, digits, other characters.") % {
            "least": self.least
        }


class HistoryValidator:
    """Rejects the present password and the last ones."""

    def validate(self, password: str, user: Member | None = None) -> None:
        if user is None or user.pk is None:
            return
        kept = PasswordHistory.objects.filter(member_id=user.pk).order_by("-pk")[: settings.PASSWORD_HISTORY]
        earlier = [row.password for row in kept]
        if user.has_usable_password() and user.password not in earlier:
            earlier.append(user.password)
        if any(check_password(password, known) for known in earlier):
            raise ValidationError(self.get_help_text(), code="password_history")

    def get_help_text(self) -> StrOrPromise:
        return _("A recently used password cannot be used again.")
