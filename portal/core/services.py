"""What core itself writes down."""

from django.utils import timezone

from portal.core.models import Heartbeat


def heartbeat_note(*, name):
    """Note that ``name`` did its round just now."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, at=timezone.now())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at"],
    )
