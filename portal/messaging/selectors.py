"""The rooms that send messages."""

from functools import lru_cache

from django.apps import apps
from django.conf import settings


@lru_cache
def rooms():
    """Return the rooms that have words for messages: label -> name."""
    folder = settings.BASE_DIR / "templates"
    return {
        config.label: config.verbose_name
        for config in apps.get_app_configs()
        if any((folder / config.label).glob("message_*.txt"))
    }
