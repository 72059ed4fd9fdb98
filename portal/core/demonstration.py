"""Where demonstration data is allowed: under the demo and test settings only."""

from django.conf import settings
from django.core.management.base import CommandError


def demo_only() -> None:
    """Refuse (CommandError) where demo people are not allowed.

    Each command of the demonstration begins with this check.
    """
    if not settings.ALLOW_DEMO_PEOPLE:
        raise CommandError("Demo people exist under the demo and test settings only.")
