"""Finding what floors and rooms declare in modules of an agreed name."""

from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps


@lru_cache
def declared(module_name):
    """Return the modules ``<app>.<module_name>`` of all installed apps that have one, in the order of the apps."""
    found = []
    for config in apps.get_app_configs():
        name = f"{config.name}.{module_name}"
        if find_spec(name) is not None:
            found.append(import_module(name))
    return tuple(found)
