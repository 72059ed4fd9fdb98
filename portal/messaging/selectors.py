"""The apps that send messages, and the colleagues to whom a to-do item may be passed on."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from portal.core.discovery import declared, in_service
from portal.web import opening

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.utils.functional import Promise

    from portal.members.models import Member
    from portal.web.todo import Todo


def areas() -> dict[str, str | Promise]:
    """Return the apps in service that have message templates, as label -> name."""
    return {label: name for label, name in _areas().items() if in_service(label)}


@lru_cache
def _areas() -> dict[str, str | Promise]:
    folder = settings.BASE_DIR / "templates"
    return {
        config.label: config.verbose_name
        for config in apps.get_app_configs()
        if any((folder / config.label).glob("message_*.txt"))
    }


def own_items(actor: Member) -> list[Todo]:
    """Return the to-do items of ``actor``, without those that colleagues passed on."""
    modules = [module for module in declared("todo") if not hasattr(module, "arrange")]
    return [item for module in modules for item in module.items_for(actor)]


def colleagues(actor: Member) -> QuerySet[Member]:
    """Return the other active people with a duty today at an organisation where ``actor`` has one."""
    today = timezone.localdate()
    held: QuerySet[Member] = get_user_model()._default_manager.filter(
        Q(duty__valid_until=None) | Q(duty__valid_until__gt=today),
        duty__valid_from__lte=today,
        duty__organization_id__in=[duty.organization_id for duty in actor.duties],
        is_active=True,
    )
    return held.exclude(pk=actor.pk).distinct().order_by("pinyin", "pk")


def can_open(actor: Member, address: str) -> bool:
    """Return whether ``actor`` can open the page at ``address``; what the page writes when it is read is undone."""
    try:
        with transaction.atomic():
            found = bool(opening.enter(actor=actor, address=address).status_code == 200)
            transaction.set_rollback(True)
    except (Http404, PermissionDenied):
        return False
    return found
