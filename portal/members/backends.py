"""Sign-in of staff by login name and password; permissions are answered by Member from the role table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password

from portal.core import crypto
from portal.core.text import clean_line
from portal.members.models import Member

if TYPE_CHECKING:
    from django.http import HttpRequest


def login_key_of_name(name: str) -> str:
    """Return the login key of a staff login name; case and blanks do not matter."""
    return crypto.blind_index("login.name", clean_line(name).lower())


def login_key_of_phone(phone: str) -> str:
    """Return the login key of a confirmed mobile number (eleven digits)."""
    return crypto.blind_index("login.phone", phone)


class PasswordBackend(BaseBackend):
    """Authentication backend: finds members by pk, and staff by login name and password.

    An unknown login name takes the same time as a wrong password.
    """

    def authenticate(  # type: ignore[override]  # Django asks the backends by the names of what was typed
        self, request: HttpRequest | None, login_name: str | None = None, password: str | None = None
    ) -> Member | None:
        if not login_name or not password or len(login_name) > 255 or len(password) > 1024:
            return None
        member = Member.objects.filter(login_key=login_key_of_name(login_name)).first()
        if member is None:
            make_password(password)
            return None
        return member if member.check_password(password) and member.is_active else None

    def get_user(self, user_id: int) -> Member | None:
        return Member.objects.filter(pk=user_id, is_active=True).select_related("organization").first()
