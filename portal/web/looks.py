"""The look of a state, its tone and its icon, and the style sheets that areas add."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from portal.core.discovery import declared, in_service

if TYPE_CHECKING:
    from collections.abc import Iterator

TONES = {
    "quiet": "circle-dashed",
    "wait": "clock",
    "run": "activity",
    "good": "circle-check",
    "bad": "circle-x",
}

# Tone by the name of the state; an area declares its own states in its ``looks.py``. A single badge with another tone
# sets it: {% badge state label tone="wait" %}.
STATE_LOOKS = {
    "quiet": "draft closed ended withdrawn left repeated taken_back discarded stopped void",
    "wait": "submitted waiting waitlisted offered queued uploaded returned checked_faulty asked applied",
    "run": "running importing checked_clean",
    "good": "approved published confirmed done active open imported delivered vouched ready",
    "bad": "declined refused failed expired overdue unreadable dead disputed",
}


def declared_tones() -> Iterator[tuple[str, str, str]]:
    """Yield (state, tone, module) for every state that an app declares, with repeats."""
    for module in declared("looks"):
        for tone, words in module.STATE_LOOKS.items():
            for word in words.split():
                yield word, tone, module.__name__


@lru_cache
def tones() -> dict[str, str]:
    """Return the tone of each state; ``portal.web.checks`` refuses a state with two tones."""
    return {word: tone for word, tone, _module in declared_tones()}


def state_look(state: object) -> tuple[str, str]:
    """Return (tone, icon) of a state; an unknown state is quiet."""
    tone = tones().get(str(getattr(state, "value", state)).lower(), "quiet")
    return tone, TONES[tone]


def stylesheets() -> list[str]:
    """Return the style sheets that areas in service add, as names of static files."""
    modules = [module for module in declared("looks") if in_service(module.__name__)]
    return [name for module in modules for name in getattr(module, "STYLESHEETS", ())]
