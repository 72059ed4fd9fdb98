"""Full addresses for use outside the portal: on posters, in text messages."""

from django.conf import settings


def absolute(path: str) -> str:
    """Return the full address of a path of this site."""
    return settings.SITE_URL.rstrip("/") + path
