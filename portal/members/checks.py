"""System checks of the identity services, run at start-up and by ``manage.py check --deploy``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Warned
from django.core.exceptions import ImproperlyConfigured

from portal.members.real_names import SERVICES, NullCheck, backend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.apps import AppConfig

HINT = "See “Identity checks” in docs/operating.md."


def refuse_demo_checks() -> None:
    """Stop a process that would take the answers of the demo checks for those of an operator."""
    for service in SERVICES:
        if backend(service).for_demo and not settings.ALLOW_DEMO_PEOPLE:
            raise ImproperlyConfigured(
                f"{service}_BACKEND answers for demo people: it is for demo and tests only. Name the class of a service"
                f" in PORTAL_{service}_BACKEND, or leave it empty."
            )


@register(Tags.security, deploy=True)
def identity_checks_are_set_up(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """Warn when no identity check is set up, and report missing settings of one that is named."""
    found: list[CheckMessage] = []
    for service in SERVICES:
        check = backend(service)
        found += [Error(f"{name} is not set.", hint=HINT, id="members.E001") for name in check.missing()]
        url = getattr(settings, f"{service}_URL")
        if url and not url.startswith("https://"):
            found.append(Error(f"{service}_URL must begin with https://.", hint=HINT, id="members.E002"))
    if all(type(backend(service)) is NullCheck for service in SERVICES):
        words = "No identity check is set up: two members of staff have to confirm each person."
        found.append(Warned(words, hint=HINT, id="members.W001"))
    return found
