"""Checks of the SMS provider, at start-up and by ``manage.py check --deploy``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.checks import Warning as Warned
from django.core.exceptions import ImproperlyConfigured
from django.utils import translation
from django.utils.module_loading import import_string

from portal.messaging.channels import RefusingSms
from portal.messaging.texts import SIGNATURE_CHARACTERS, sms_templates

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from django.apps import AppConfig
    from django.core.checks import CheckMessage

HINT = "See “Text messages” in docs/operating.md."


def refuse_demo_backend() -> None:
    """Stop a process that would write sign-in codes into files outside demo and tests."""
    if import_string(settings.SMS_BACKEND).takes_demo_numbers and not settings.ALLOW_DEMO_PEOPLE:
        raise ImproperlyConfigured(
            f"{settings.SMS_BACKEND} writes sign-in codes where others can read them: it is for demo and tests only."
            " Name the class of a provider in PORTAL_SMS_BACKEND."
        )


@register(Tags.security, deploy=True)
def sms_provider_is_set_up(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Report what prevents text messages: no provider, missing settings or codes of templates."""
    backend = import_string(settings.SMS_BACKEND)
    if issubclass(backend, RefusingSms):
        words = "No SMS provider is set up: nobody can sign in by phone."
        return [Warned(words, hint=HINT, id="messaging.W001")]
    if backend.takes_demo_numbers:
        return []
    found: list[CheckMessage] = [
        Error(f"{name} is not set.", hint=HINT, id="messaging.E001") for name in backend.missing()
    ]
    if not settings.SMS_ENDPOINT.startswith("https://"):
        found.append(Error("SMS_ENDPOINT must begin with https://.", hint=HINT, id="messaging.E002"))
    if len(settings.SMS_SIGNATURE) > SIGNATURE_CHARACTERS - 2:
        words = f"SMS_SIGNATURE has more than {SIGNATURE_CHARACTERS - 2} characters: long messages cost twice."
        found.append(Warned(words, hint=HINT, id="messaging.W002"))
    return found + _faults_of_codes()


def _faults_of_codes() -> list[CheckMessage]:
    found: list[CheckMessage] = []
    with translation.override("zh-hans"):
        forms = [template.version() for template in sms_templates().values()]
    for key, _text, parameters in forms:
        entry = settings.SMS_TEMPLATES.get(key)
        code = entry.get("code") if isinstance(entry, dict) else entry
        if not code:
            words = f"PORTAL_SMS_TEMPLATES has no code for {key}: this message is not sent."
            found.append(Error(words, hint=HINT, id="messaging.E003"))
        elif isinstance(entry, dict):
            odd = set(entry.get("parameters", [])) - {parameter.name for parameter in parameters}
            found += [
                Error(f"{key} has no parameter {name}.", hint=HINT, id="messaging.E004")
                for name in sorted(odd, key=str)
            ]
    known = {key for template in sms_templates().values() for key, _text, _parameters in template.versions()}
    for key in sorted(set(settings.SMS_TEMPLATES) - known):
        words = f"PORTAL_SMS_TEMPLATES names {key}, which no message has."
        found.append(Warned(words, hint=HINT, id="messaging.W003"))
    return found
