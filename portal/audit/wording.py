"""Wording of the audit: actions by their last part, rows by model name, states by label."""

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

# The actions of the shared packages; an area's own actions are in ``wording.py`` beside its other declarations.
WORDS: dict[str, Words] = {
    "activate": _("Account opened"),
    "applicant-wrote": _("Message of the applicant"),
    "ask": _("Request sent"),
    "attach": _("File added"),
    "close": _("Closed"),
    "code-closed": _("Receipt code closed"),
    "code-noted": _("Receipt code noted by the applicant"),
    "code-used": _("Opened with the receipt code"),
    "confirm": _("Confirmed"),
    "create": _("Created"),
    "damaged": _("A private file is not as it was stored"),
    "data_request": _("Request about own data"),
    "define": _("Definition written"),
    "delegate": _("Forwarded"),
    "delete": _("Removed"),
    "download": _("File downloaded"),
    "drop": _("Removed"),
    "end": _("Ended"),
    "erase": _("Person erased"),
    "factor": _("Second factor changed"),
    "factor-remove": _("Second factor removed"),
    "give": _("Consent or duty given"),
    "hand-link": _("First-access link handed over in person"),
    "hand-over": _("Tasks handed over"),
    "import": _("Imported from a list"),
    "import_start": _("List uploaded"),
    "import_take_back": _("List import undone"),
    "idle": _("Must be confirmed again after a long time without use"),
    "infected": _("A virus was found in the file"),
    "invite": _("Invited people notified"),
    "join": _("Signed up"),
    "lock": _("Locked"),
    "merge": _("Two records merged"),
    "move": _("Moved in the organisation tree"),
    "notice": _("Rectification notice issued"),
    "own_data": _("Own data downloaded"),
    "pass": _("Passed to another level"),
    "password": _("Login name and password set"),
    "dispute": _("Staff report that another person uses the account"),
    "paper-codes": _("Paper codes printed"),
    "phone": _("Phone replaced"),
    "phone-dispute": _("Phone change disputed from the earlier number"),
    "phone-propose": _("Phone change proposed"),
    "propose": _("Duty proposed"),
    "prove": _("Person confirmed"),
    "read": _("Audit viewed"),
    "record": _("Recorded"),
    "recover": _("Duty granted on the server"),
    "recovery-code": _("Recovery code used"),
    "recovery-codes": _("New recovery codes"),
    "refused": _("Rejected"),
    "remove": _("Removed"),
    "reopen": _("Reopened"),
    "request": _("Export requested"),
    "retry": _("Sent again"),
    "reveal": _("Masked data viewed or result revealed"),
    "reveal_refused": _("Reveal refused: too many attempts"),
    "recount": _("Due date counted again"),
    "save": _("Saved"),
    "seen": _("Person seen by staff"),
    "sessions": _("Signed out everywhere"),
    "set": _("Set"),
    "staff-wrote": _("Message to the applicant"),
    "take-in": _("Merged in"),
    "take-out": _("Exported as a file"),
    "take_back": _("Revoked"),
    "transfer": _("Moved to another unit"),
    "unlock": _("Unlocked"),
    "update": _("Changed"),
    "vouch": _("Vouched for"),
    "withdraw": _("Revoked"),
    "write": _("File created"),
}


# Who takes steps without being named, by the rule that the entry holds; areas add theirs. All others are the clock.
ACTORS: dict[str, Words] = {}


@lru_cache
def words_of_actors() -> dict[str, Words]:
    """Return the wording of those who take steps without being named, of all apps, by rule."""
    return {rule: words for module in declared("wording") for rule, words in getattr(module, "ACTORS", {}).items()}


def rule_words(rule: str) -> Words:
    """Return who stands behind the rule of an entry."""
    return words_of_actors().get(rule, _("by the scheduler"))


@lru_cache
def words_of_actions() -> dict[str, Words]:
    """Return the wording of the actions of all apps, by the last part of the code."""
    return {code: words for module in declared("wording") for code, words in module.WORDS.items()}


def model_of(label: str) -> type[Model] | None:
    """Return the model of ``about_model``, or None when it no longer exists."""
    try:
        return apps.get_model(label) if label else None
    except (LookupError, ValueError):
        return None


def kind_words(label: str) -> Words:
    """Return the name of a row's model, or the label itself if the model no longer exists."""
    model = model_of(label)
    return (model and model._meta.verbose_name) or label


def state_words(model: type[Model] | None, state: str) -> Words:
    """Return the label of a state of ``model``, or the state itself if it has none."""
    try:
        return dict(state_field(model).flatchoices).get(state, state) if model else state
    except TypeError:
        return state


def action_words(entry: AuditEntry, words: Mapping[str, Words] | None = None) -> Words:
    """Return the wording of the entry's action; an unknown action is shown as its code.

    ``words`` is a page's own wording of actions, by the last part of their code.
    """
    if entry.to_state:
        return _("Step")
    last = entry.action.rpartition(".")[2]
    return (words or {}).get(last) or words_of_actions().get(last) or entry.action


def field_words(model: type[Model] | None, names: Iterable[str]) -> list[str]:
    """Return the labels of an entry's fields.

    Columns without a label are used only by the program and are left out.
    """
    fields = model._meta.concrete_fields if model else ()
    known = {field.name: field.verbose_name for field in fields if isinstance(field.verbose_name, Promise)}
    return [str(known[name]) for name in names if name in known]
