"""What matchmaking promises when somebody takes a step: each sentence and what keeps it are one declaration.

A ``Promise`` is a list of lines. A line is a sentence, as pages show it, under a key. ``services.promised.keeps`` takes
a function for each key, and a service keeps a promise by running all of its lines: a sentence without a function, or a
function without a sentence, is refused when the service is imported. tests/attacks/test_promises.py has a check for
each line, and fails for a line that has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Line:
    """One sentence and the key of what keeps it."""

    key: str
    words: StrOrPromise


@dataclass(frozen=True)
class Promise:
    """What a step does, in the order in which it is done."""

    code: str
    lines: tuple[Line, ...]

    @property
    def words(self) -> StrOrPromise:
        """The sentences in one paragraph, in the language of the reader."""
        return _joined(self.lines)


def _join(lines: Iterable[Line]) -> str:
    # Chinese sentences stand side by side, English ones with a space between.
    words = [str(line.words) for line in lines]
    return "".join(f" {one}" if at and words[at - 1].isascii() else one for at, one in enumerate(words))


_joined = lazy(_join, str)

NOBODY_TOLD = Line("nobody-told", _("Nobody is told why."))
EVENT_LEAVE = Promise(
    "event-leave",
    (
        Line("card", _("Your line on the card is deleted.")),
        Line("photo", _("Your photo at this event is deleted.")),
        Line("choices", _("Your choices are deleted.")),
        Line("agreement", _("Your agreement to take part is taken back.")),
        Line(
            "place",
            _("You are on no list of this event any more; a place that gets free goes to the next in line."),
        ),
        Line("pairs", _("Pairs you made at this event end: neither of you sees anything of the other any more.")),
        NOBODY_TOLD,
    ),
)
PAIR_END = Promise(
    "pair-end",
    (
        Line("pair-card", _("Neither of you sees the other's card, photo, name or number any more.")),
        Line("pair-agreements", _("What you both agreed to is taken back.")),
        Line("pair-calls", _("No calls are made about the two of you any more.")),
        NOBODY_TOLD,
    ),
)
BLOCK = Promise(
    "block",
    (
        Line("block-search", _("You two no longer find each other anywhere in matchmaking.")),
        Line("block-pairs", _("A pair of the two of you ends, and an application for a wedding is taken back.")),
        Line("block-introductions", _("What you were asked about each other comes to nothing on its day, not before.")),
        Line("block-care", _("If one of you looks after the other as a matchmaker, that ends.")),
        Line("block-untold", _("Nobody is told, and you can still report.")),
    ),
)
PROFILE_LEAVE = Promise(
    "profile-leave",
    (
        Line("unlisted", _("You are gone from every search, list and suggestion at once.")),
        Line("agreements", _("Your declaration and your agreement to be found are taken back.")),
        Line("signups", _("Your places at events that are still to be revealed are given back.")),
        Line("introductions", _("What was being asked comes to nothing on its day; meetings both had agreed to end.")),
        Line("care", _("Your matchmaker no longer looks after you.")),
        Line("purge", _("What is left is deleted after six months; until then you can come back.")),
        NOBODY_TOLD,
    ),
)
PROFILE_MATCHED = Promise(
    "profile-matched",
    (
        Line("unlisted", _("No other single finds you in search, lists or suggestions from now on.")),
        Line("signups", _("Your places at events that are still to be revealed are given back.")),
        Line("introductions", _("What was being asked comes to nothing on its day; meetings both had agreed to end.")),
        NOBODY_TOLD,
    ),
)
INTRODUCTION_END = Promise(
    "introduction-end",
    (
        Line("introduction-contact", _("Contact is no longer shown, and your agreement to it is taken back.")),
        NOBODY_TOLD,
    ),
)
PAIR_QUIET = Promise(
    "pair-quiet",
    (
        Line("pair-calls", _("No calls are made about the two of you any more.")),
        Line("quiet-untold", _("Neither the other one nor anybody else is told who wished so.")),
    ),
)
TICKET_CLOSE = Promise(
    "ticket-close", (Line("calls-emptied", _("Its words and the caller are deleted twelve months later.")),)
)
PROMISES = (
    EVENT_LEAVE,
    PAIR_END,
    BLOCK,
    PROFILE_LEAVE,
    PROFILE_MATCHED,
    INTRODUCTION_END,
    PAIR_QUIET,
    TICKET_CLOSE,
)
