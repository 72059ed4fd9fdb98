"""Icons of the sprite.

A page of the desk shows about seventy, so each is rendered once for each process.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import mark_safe

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

FALLBACK_ICON = "point"


@lru_cache
def known_icons() -> frozenset[str]:
    """Return the names of the icons in the sprite."""
    sprite = Path(settings.BASE_DIR) / "static" / "icons.svg"
    return frozenset(re.findall(r'<symbol id="([a-z0-9-]+)"', sprite.read_text(encoding="utf-8")))


def icon(name: object, css: object = "", label: object = "") -> SafeString:
    """Return an icon of the sprite; screen readers ignore it unless ``label`` names it.

    An unknown name shows a point: a missing picture is no reason to refuse a page.
    """
    # A name or a label may be lazy, and a label depends on the language: the text is the cache key.
    return _drawn(str(name), str(css), str(label), static("icons.svg"))


@lru_cache(maxsize=1024)
def _drawn(name: str, css: str, label: str, sprite: str) -> SafeString:
    name = name if name in known_icons() else FALLBACK_ICON
    said = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon {}" {} focusable="false"><use href="{}#{}"></use></svg>', css, said, sprite, name
    )
