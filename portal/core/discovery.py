"""Finds the modules of an agreed name that apps declare, and tells which areas are in service."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings

if TYPE_CHECKING:
    from types import ModuleType

# Also read for an area out of service: what the law gives people over their data, what keeps stored rows correct, and
# the wording for past actions and for messages still in the outbox.
ALWAYS = frozenset(
    {
        "agreements",
        "children",
        "erasing",
        "indicators",
        "looks",
        "merging",
        "own_data",
        "retention",
        "sms",
        "standing",
        "wording",
    }
)


def declared(module_name: str) -> tuple[ModuleType, ...]:
    """Return the modules ``<app>.<module_name>`` of all installed apps that have one, in app order.

    Modules of areas out of service are left out, unless the name is one of ALWAYS.
    """
    found = _found(module_name)
    if module_name in ALWAYS:
        return found
    return tuple(module for module in found if in_service(module.__name__))


def in_service(name: str) -> bool:
    """Return whether the task, message kind or module ``<app>.…`` belongs to no area out of service."""
    return name.partition(".")[0] not in out_of_service()


def out_of_service() -> list[str]:
    """Return the labels of the areas that PORTAL_AREAS leaves out."""
    return [area for area in settings.AREAS if area not in settings.PORTAL_AREAS]


@lru_cache
def _found(module_name: str) -> tuple[ModuleType, ...]:
    found = []
    for config in apps.get_app_configs():
        name = f"{config.name}.{module_name}"
        if find_spec(name) is not None:
            found.append(import_module(name))
    return tuple(found)
