"""Every address of the URLconf, including the admin."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, get_resolver, reverse

SAMPLES = {"IntConverter": 1, "UUIDConverter": "00000000-0000-4000-8000-000000000000"}


@dataclass(frozen=True)
class Address:
    """One URL pattern.

    ``name`` includes its namespaces; ``arguments`` are (name, converter's class name) of each argument.
    """

    name: str
    callback: object
    arguments: tuple

    @property
    def is_admin(self):
        return self.name.startswith("admin:")

    @property
    def is_public(self):
        return getattr(self.callback, "login_required", True) is False

    @property
    def view_class(self):
        return getattr(self.callback, "view_class", None)

    def path(self, **given):
        """Return the path; arguments that are not given get a harmless sample."""
        samples = {name: SAMPLES.get(converter, "x") for name, converter in self.arguments}
        if "app_label" in samples and self.is_admin:
            samples["app_label"] = next(iter(admin.site._registry))._meta.app_label
        return reverse(self.name, kwargs={**samples, **given})


def _walk(resolver, namespaces, arguments):
    for pattern in resolver.url_patterns:
        kinds = {name: type(converter).__name__ for name, converter in pattern.pattern.converters.items()}
        kinds |= dict.fromkeys(getattr(pattern.pattern.regex, "groupindex", {}).keys() - kinds.keys(), "pattern")
        own = (*arguments, *kinds.items())
        if isinstance(pattern, URLPattern):
            yield Address(":".join([*namespaces, pattern.name or ""]), pattern.callback, own)
        else:
            deeper = [*namespaces, pattern.namespace] if pattern.namespace else namespaces
            yield from _walk(pattern, deeper, own)


def addresses():
    """Return all addresses that have a name; ``nameless`` returns the others."""
    return [address for address in _walk(get_resolver(), [], ()) if not address.name.endswith(":") and address.name]


def nameless():
    """Return the addresses without a name, with their namespaces."""
    return [address for address in _walk(get_resolver(), [], ()) if address.name.endswith(":") or not address.name]


def is_own(config):
    """Return whether an app belongs to this project.

    Packages of an environment inside the checkout do not.
    """
    path = Path(config.path)
    return path.is_relative_to(settings.BASE_DIR) and "site-packages" not in path.parts
