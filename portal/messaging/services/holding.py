"""The hold of a restored copy: nothing is sent until somebody unlocks the outbox."""

from django.db import transaction

from portal.audit.services import audit_record
from portal.messaging.models import OutboxHold


def outbox_held() -> bool:
    """Return whether this is a restored copy whose outbox nobody has unlocked yet."""
    return OutboxHold.objects.exists()


@transaction.atomic
def outbox_unlock() -> bool:
    """Let waiting messages be sent again; return whether the outbox was held."""
    held = OutboxHold.objects.select_for_update().first()
    if held is None:
        return False
    audit_record(actor=None, action="outbox.unlock", about=held)
    held.delete()
    return True


@transaction.atomic
def outbox_hold(*, reason: str) -> bool:
    """Hold all waiting messages, as in a restored copy; return False if they were held already."""
    held, made = OutboxHold.objects.get_or_create(pk=1, defaults={"reason": reason})
    if made:
        audit_record(actor=None, action="outbox.lock", about=held)
    return made
