"""The hold of a restored copy: nothing leaves the house until somebody opens it."""

from django.db import transaction

from portal.audit.services import audit_record
from portal.messaging.models import OutboxHold


def outbox_held() -> bool:
    """Say whether this is a restored copy whose outbox nobody has opened yet."""
    return OutboxHold.objects.exists()


@transaction.atomic
def outbox_unlock() -> bool:
    """Let what waits go out again; return whether it was held."""
    held = OutboxHold.objects.select_for_update().first()
    if held is None:
        return False
    audit_record(actor=None, action="outbox.unlock", about=held)
    held.delete()
    return True


@transaction.atomic
def outbox_hold(*, reason: str) -> bool:
    """Hold everything that waits, as in a restored copy; return whether it was not held yet."""
    held, made = OutboxHold.objects.get_or_create(pk=1, defaults={"reason": reason})
    if made:
        audit_record(actor=None, action="outbox.lock", about=held)
    return made
