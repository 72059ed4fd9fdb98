"""The error pages that nginx serves by itself, as files next to the static files.

They do not need a running portal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# The template for each status that nginx answers itself, because it refuses the request or cannot reach the portal.
PAGES = {
    400: "errors/400.html",
    403: "errors/error.html",
    404: "errors/404.html",
    413: "errors/413.html",
    429: "errors/429.html",
    502: "errors/503.html",
    503: "errors/503.html",
    504: "errors/503.html",
}
LANGUAGES = ("zh-hans", "en")


def pages() -> Iterator[tuple[str, str]]:
    """Yield the name and text of each page, in each language."""
    for language in LANGUAGES:
        with translation.override(language):
            for status, template in PAGES.items():
                # nginx refuses the administration and the monitoring pages to addresses from other networks.
                message = (
                    _("This part of the portal can only be opened in the union's own network.") if status == 403 else ""
                )
                context = {"shell": {"template": "shells/static.html"}, "status": status, "message": message}
                yield f"{status}.{language}.html", render_to_string(template, context)


def write(folder: Path) -> int:
    """Write the pages into ``folder``, each completely or not at all; return their number."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for name, text in pages():
        making = folder / f".{name}"
        making.write_text(text, encoding="utf-8")
        making.chmod(0o644)
        making.replace(folder / name)
        count += 1
    return count
