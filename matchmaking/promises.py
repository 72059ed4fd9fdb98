"""Promises of matchmaking to a person who takes a step: each sentence is declared with its key.

A ``Promise`` is a list of lines. A line is a sentence, as pages show it, under a key. ``services.promises.keeps`` takes
a function for each key, and a service keeps a promise by running all of its lines: a sentence without a function, or a
function without a sentence, is refused when the service is imported. tests/attacks/test_promises.py has a check for
each line, and fails for a line without a check.
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
    """A sentence and the key of the function that keeps it."""

    key: str
    words: StrOrPromise


@dataclass(frozen=True)
class Promise:
    """The effects of a step, in the order in which they happen."""

    code: str
    lines: tuple[Line, ...]

    @property
    def words(self) -> StrOrPromise:
        """The sentences as one paragraph, in the language of the reader."""
        return _joined(self.lines)


def _join(lines: Iterable[Line]) -> str:
    # Chinese sentences are joined directly, English ones with a space.
    words = [str(line.words) for line in lines]
    return "".join(f" {one}" if at and words[at - 1].isascii() else one for at, one in enumerate(words))


_joined = lazy(_join, str)

NOBODY_TOLD = Line("nobody-told", _("Nobody is told why."))
EVENT_LEAVE = Promise(
    "event-leave",
    (
        Line("card", _("Your one-line introduction on the card is deleted.")),
        Line("photo", _("Your photo at this event is deleted.")),
        Line("choices", _("Your choices are deleted.")),
        Line("agreement", _("Your consent to take part is withdrawn.")),
        Line(
            "place",
            _("You are no longer on any list of this event; your place goes to the next person on the waiting list."),
        ),
        Line("pairs", _("Pairs you made at this event end: neither of you sees anything about the other any more.")),
        NOBODY_TOLD,
    ),
)
PAIR_END = Promise(
    "pair-end",
    (
        Line("pair-card", _("Neither of you sees the other's card, photo, name or number any more.")),
        Line("pair-agreements", _("The consents you both gave are withdrawn.")),
        Line("pair-follow-ups", _("No follow-up calls are made about the two of you any more.")),
        NOBODY_TOLD,
    ),
)
BLOCK = Promise(
    "block",
    (
        Line("block-search", _("The two of you no longer see each other anywhere in matchmaking.")),
        Line("block-pairs", _("A pair between the two of you ends, and an application for a wedding is withdrawn.")),
        Line(
            "block-introductions",
            _("Introductions between you that are not yet answered expire on their due date, not before."),
        ),
        Line("block-care", _("If one of you looks after the other as a matchmaker, that ends.")),
        Line("block-untold", _("Nobody is told, and you can still report.")),
    ),
)
PROFILE_LEAVE = Promise(
    "profile-leave",
    (
        Line("unlisted", _("You are removed from every search, list and suggestion at once.")),
        Line("agreements", _("Your declaration and your consent to be found are withdrawn.")),
        Line("signups", _("Your places at events that are not yet revealed are released.")),
        Line(
            "introductions",
            _("Introductions not yet answered expire on their due date; meetings that both agreed to are ended."),
        ),
        Line("care", _("Your matchmaker no longer looks after you.")),
        Line("purge", _("The remaining data is deleted after six months; until then you can come back.")),
        NOBODY_TOLD,
    ),
)
PROFILE_MATCHED = Promise(
    "profile-matched",
    (
        Line("unlisted", _("No other single finds you in search, lists or suggestions from now on.")),
        Line("signups", _("Your places at events that are not yet revealed are released.")),
        Line(
            "introductions",
            _("Introductions not yet answered expire on their due date; meetings that both agreed to are ended."),
        ),
        NOBODY_TOLD,
    ),
)
INTRODUCTION_END = Promise(
    "introduction-end",
    (
        Line(
            "introduction-contact",
            _("Contact details are no longer shown, and the consent of both of you to share them is withdrawn."),
        ),
        NOBODY_TOLD,
    ),
)
PAIR_QUIET = Promise(
    "pair-quiet",
    (
        Line("pair-follow-ups", _("No follow-up calls are made about the two of you any more.")),
        Line("quiet-untold", _("Neither the other person nor anybody else is told who asked for this.")),
    ),
)
TICKET_CLOSE = Promise(
    "ticket-close",
    (Line("tickets-emptied", _("The content and the caller's details are deleted twelve months later.")),),
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
