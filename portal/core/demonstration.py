"""Where a demonstration may be: under the demo and test settings alone."""

from django.conf import settings
from django.core.management.base import CommandError


def demo_only() -> None:
    """Refuse (CommandError) wherever demo people are not allowed; each command of the demonstration begins with it."""
    if not settings.ALLOW_DEMO_PEOPLE:
        raise CommandError("Demo people exist under the demo and test settings only.")
