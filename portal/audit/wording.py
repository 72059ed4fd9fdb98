"""What the audit calls things: actions by their last part, rows by the name of their model, states by their label."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import state_field
from portal.core.discovery import declared

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import Model

    from portal.audit.models import AuditEntry

Words = str | Promise

# The actions of the shared packages; an area's own stand in ``wording.py`` beside its other declarations.
WORDS: dict[str, Words] = {
    "activate": _("Account opened"),
    "ask": _("Question put"),
    "attach": _("File added"),
    "close": _("Closed"),
    "confirm": _("Confirmed"),
    "create": _("Created"),
    "data_request": _("Request about own data"),
    "define": _("Definition written"),
    "delegate": _("Passed on"),
    "delete": _("Removed"),
    "download": _("File fetched"),
    "drop": _("Removed"),
    "end": _("Ended"),
    "erase": _("Person erased"),
    "factor": _("Second step changed"),
    "factor-remove": _("Second step removed"),
    "give": _("Consent or duty given"),
    "hand-link": _("Link to a first access handed over"),
    "hand-over": _("Tasks handed over"),
    "import": _("Taken in from a list"),
    "import_start": _("List uploaded"),
    "import_take_back": _("List taken back"),
    "idle": _("To be confirmed anew, after a long time without use"),
    "infected": _("A virus was found in the file"),
    "invite": _("The invited were told"),
    "join": _("Signed up"),
    "lock": _("Locked"),
    "merge": _("Two put together"),
    "move": _("Moved in the tree"),
    "own_data": _("Own data downloaded"),
    "pass": _("Passed to another level"),
    "password": _("Login name and password set"),
    "dispute": _("Another person uses the account, staff say"),
    "paper-codes": _("Paper codes printed"),
    "phone": _("Phone replaced"),
    "phone-dispute": _("Change of phone disputed from the earlier number"),
    "phone-propose": _("Change of phone proposed"),
    "propose": _("Duty proposed"),
    "prove": _("Person confirmed"),
    "read": _("Audit read"),
    "record": _("Recorded"),
    "recover": _("Duty given on the server"),
    "recovery-code": _("Recovery code used"),
    "recovery-codes": _("New recovery codes"),
    "refused": _("Refused"),
    "remove": _("Removed"),
    "reopen": _("Opened again"),
    "request": _("Asked for as a file"),
    "retry": _("Sent again"),
    "reveal": _("Masked data or result revealed"),
    "reveal_refused": _("Reveal refused: too many"),
    "save": _("Saved"),
    "seen": _("Person seen by staff"),
    "sessions": _("Signed out everywhere"),
    "set": _("Set"),
    "take-in": _("Taken in"),
    "take-out": _("Taken out as a file"),
    "take_back": _("Taken back"),
    "transfer": _("Moved to another unit"),
    "unlock": _("Unlocked"),
    "update": _("Changed"),
    "vouch": _("Vouched for"),
    "withdraw": _("Taken back"),
    "write": _("File written"),
}


@lru_cache
def words_of_actions() -> dict[str, Words]:
    """Return what all apps call their actions, by the last part of the code."""
    return {code: words for module in declared("wording") for code, words in module.WORDS.items()}


def model_of(label: str) -> type[Model] | None:
    """Return the model of ``about_model``, or None when it no longer exists."""
    try:
        return apps.get_model(label) if label else None
    except (LookupError, ValueError):
        return None


def kind_words(label: str) -> Words:
    """Return what a row is called: the model's name, or the label where the model is gone."""
    model = model_of(label)
    return (model and model._meta.verbose_name) or label


def state_words(model: type[Model] | None, state: str) -> Words:
    """Return the label of a state of ``model``; the word itself where it has none."""
    try:
        return dict(state_field(model).flatchoices).get(state, state) if model else state
    except TypeError:
        return state


def action_words(entry: AuditEntry, words: Mapping[str, Words] | None = None) -> Words:
    """Return what was done; ``words`` names a page's own actions by their last part. An unknown action is its code."""
    if entry.to_state:
        return _("Step")
    last = entry.action.rpartition(".")[2]
    return (words or {}).get(last) or words_of_actions().get(last) or entry.action


def field_words(model: type[Model] | None, names: Iterable[str]) -> list[str]:
    """Return the fields of an entry by their labels; columns without one serve the program alone and are left out."""
    fields = model._meta.concrete_fields if model else ()
    known = {field.name: field.verbose_name for field in fields if isinstance(field.verbose_name, Promise)}
    return [str(known[name]) for name in names if name in known]
