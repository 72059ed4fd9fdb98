"""What the audit calls things: actions by their last part, rows by the name of their model, states by their label."""

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import state_field

WORDS = {
    "activate": _("Account opened"),
    "assign": _("Assigned"),
    "change": _("Changed"),
    "close": _("Closed"),
    "create": _("Created"),
    "data_request": _("Request about own data"),
    "end": _("Ended"),
    "erase": _("Person erased"),
    "give": _("Consent or duty given"),
    "import": _("Taken in from a list"),
    "import_start": _("List uploaded"),
    "import_take_back": _("List taken back"),
    "invite": _("The invited were told"),
    "join": _("Signed up"),
    "matchmakers": _("Matchmakers chosen"),
    "own_data": _("Own data downloaded"),
    "password": _("Login name and password set"),
    "quotas": _("Places changed"),
    "read": _("Audit read"),
    "refused": _("Refused"),
    "remove": _("Removed"),
    "reveal": _("Masked data or result revealed"),
    "reveal_refused": _("Reveal refused: too many"),
    "save": _("Saved"),
    "send": _("Sent"),
    "sheet": _("Sign-in sheet taken out"),
    "transfer": _("Moved to another unit"),
    "update": _("Changed"),
    "withdraw": _("Taken back"),
}


def model_of(label):
    """Return the model of ``about_model``, or None when it no longer exists."""
    try:
        return apps.get_model(label) if label else None
    except (LookupError, ValueError):
        return None


def kind_words(label):
    """Return what a row is called: the model's name, or the label where the model is gone."""
    model = model_of(label)
    return model._meta.verbose_name if model else label


def state_words(model, state):
    """Return the label of a state of ``model``; the word itself where it has none."""
    try:
        return dict(state_field(model).flatchoices).get(state, state) if model else state
    except TypeError:
        return state


def action_words(entry, words=None):
    """Return what was done; ``words`` names a room's own actions by their last part. An unknown action is its code."""
    if entry.to_state:
        return _("Step")
    last = entry.action.rpartition(".")[2]
    return (words or {}).get(last) or WORDS.get(last) or entry.action


def field_words(model, names):
    """Return the fields of an entry by their labels; columns without one serve the program alone and are left out."""
    fields = model._meta.concrete_fields if model else ()
    known = {field.name: field.verbose_name for field in fields if isinstance(field.verbose_name, Promise)}
    return [str(known[name]) for name in names if name in known]
