"""System checks of security.txt (``manage.py check --deploy``) and of the look of states."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.checks import Warning as Warned

from portal.web.looks import TONES, declared_tones

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from django.apps import AppConfig
    from django.core.checks import CheckMessage

ADDRESS = re.compile(r"(mailto:[^\s@]+@[^\s@]+|https://\S+)")


@register(Tags.security, deploy=True)
def finders_are_told_whom_to_write_to(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Warn if security.txt has no contact, or a contact that its readers cannot use."""
    if ADDRESS.fullmatch(settings.SECURITY_CONTACT):
        return []
    words = "Nobody can be told of a weakness: PORTAL_SECURITY_CONTACT is no mailto: and no https: address."
    hint = "Set the address that /.well-known/security.txt gives, as in mailto:security@example.org."
    return [Warned(words, hint=hint, id="web.W001")]


@register()
def words_of_states_have_one_tone(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Report a state that two apps show in different tones, and a tone that does not exist."""
    found: dict[str, set[str]] = {}
    where: dict[tuple[str, str], str] = {}
    for word, tone, module in declared_tones():
        found.setdefault(word, set()).add(tone)
        where.setdefault((word, tone), module)
    errors: list[CheckMessage] = [
        Error(
            f"The state “{word}” has two tones: "
            + ", ".join(f"{tone} in {where[word, tone]}" for tone in sorted(tones))
            + ".",
            hint="States of one name look alike on all pages; a single badge may take tone= in its template.",
            id="web.E001",
        )
        for word, tones in found.items()
        if len(tones) > 1
    ]
    unknown = sorted({tone for tones in found.values() for tone in tones} - set(TONES))
    return errors + [Error(f"There is no tone “{tone}” of states.", id="web.E002") for tone in unknown]
