"""What the audit calls things: actions by their last part, rows by the name of their model, states by their label."""

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import state_field

WORDS = {
    "activate": _("Account opened"),
    "ask": _("Question put"),
    "assign": _("Assigned"),
    "attach": _("File added"),
    "change": _("Changed"),
    "check-in": _("Checked in"),
    "check-in-undo": _("Check-in taken back"),
    "close": _("Closed"),
    "confirm": _("Confirmed"),
    "contact": _("Contact noted"),
    "create": _("Created"),
    "data_request": _("Request about own data"),
    "define": _("Definition written"),
    "delegate": _("Passed on"),
    "delete": _("Removed"),
    "download": _("File fetched"),
    "drop": _("Removed"),
    "end": _("Ended"),
    "erase": _("Person erased"),
    "export": _("Taken out as a file"),
    "factor": _("Second step changed"),
    "factor-remove": _("Second step removed"),
    "give": _("Consent or duty given"),
    "hand-link": _("Link to a first access handed over"),
    "hand-over": _("Tasks handed over"),
    "hand_back": _("People given back"),
    "hide": _("Hidden from a place"),
    "hold": _("Profile held back"),
    "import": _("Taken in from a list"),
    "import_start": _("List uploaded"),
    "import_take_back": _("List taken back"),
    "idle": _("To be confirmed anew, after a long time without use"),
    "infected": _("A virus was found in the file"),
    "invite": _("The invited were told"),
    "join": _("Signed up"),
    "lift": _("Block lifted"),
    "lock": _("Locked"),
    "log": _("Call written down"),
    "make": _("Made"),
    "matchmakers": _("Matchmakers chosen"),
    "meeting": _("Time of meeting set"),
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
    "photo": _("Photo added"),
    "photo_remove": _("Photo removed"),
    "pledge": _("Pledge signed"),
    "propose": _("Duty proposed"),
    "prove": _("Person confirmed"),
    "purge": _("Deleted after its time"),
    "quiet": _("Questions stopped"),
    "quotas": _("Places changed"),
    "read": _("Audit read"),
    "record": _("Recorded"),
    "recover": _("Duty given on the server"),
    "recovery-code": _("Recovery code used"),
    "recovery-codes": _("New recovery codes"),
    "refuse": _("Refused"),
    "refused": _("Refused"),
    "remove": _("Removed"),
    "reopen": _("Opened again"),
    "request": _("Asked for as a file"),
    "retry": _("Sent again"),
    "reveal": _("Masked data or result revealed"),
    "reveal_refused": _("Reveal refused: too many"),
    "round": _("Next round"),
    "save": _("Saved"),
    "seats": _("Seats planned"),
    "seen": _("Person seen by staff"),
    "send": _("Sent"),
    "sessions": _("Signed out everywhere"),
    "set": _("Set"),
    "sheet": _("Sign-in sheet taken out"),
    "take-in": _("Taken in"),
    "take-out": _("Taken out as a file"),
    "take_back": _("Taken back"),
    "train": _("Training noted"),
    "transfer": _("Moved to another unit"),
    "unhide": _("No longer hidden from a place"),
    "unhold": _("No longer held"),
    "unlock": _("Unlocked"),
    "update": _("Changed"),
    "vouch": _("Vouched for"),
    "withdraw": _("Taken back"),
    "write": _("File written"),
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
