"""Checks of what the portal tells the world of itself: ``manage.py check --deploy``."""

import re

from django.conf import settings
from django.core.checks import Tags, register
from django.core.checks import Warning as Warned

ADDRESS = re.compile(r"(mailto:[^\s@]+@[^\s@]+|https://\S+)")


@register(Tags.security, deploy=True)
def finders_are_told_whom_to_write_to(app_configs, **kwargs):
    """Warn where security.txt has no contact, or one that no reader of it can use."""
    if ADDRESS.fullmatch(settings.SECURITY_CONTACT):
        return []
    words = "Nobody can be told of a weakness: PORTAL_SECURITY_CONTACT is no mailto: and no https: address."
    hint = "Set the address that /.well-known/security.txt gives, as in mailto:security@example.org."
    return [Warned(words, hint=hint, id="web.W001")]
