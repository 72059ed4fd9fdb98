"""Deleting data that is no longer needed."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from portal.core import daily, limits
from portal.members.models import SignInCode


def sweep() -> None:
    """Delete codes a day after they expired, ended limit windows, secrets of earlier days, and expired sessions."""
    now = timezone.now()
    SignInCode.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()
    Session.objects.filter(expire_date__lt=now).delete()
    limits.sweep()
    daily.sweep()
