"""States of a run."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FileKind(models.TextChoices):
    """What a stored file is for."""

    IMPORT = "import", _("List from Excel")
    PICTURE = "picture", _("Photograph")
    DOCUMENT = "document", _("Document")


class RunState(models.TextChoices):
    UPLOADED = "uploaded", _("Being checked")
    CHECKED_CLEAN = "checked_clean", _("Ready to go in")
    CHECKED_FAULTY = "checked_faulty", _("To be corrected")
    UNREADABLE = "unreadable", _("Cannot be read")
    REPEATED = "repeated", _("Imported before")
    IMPORTING = "importing", _("Going in")
    IMPORTED = "imported", _("Imported")
    TAKEN_BACK = "taken_back", _("Taken back")
    DISCARDED = "discarded", _("Discarded")


# States in which a worker is at it.
WORKING = (RunState.UPLOADED, RunState.IMPORTING)
# States in which the uploaded file is still needed.
NEEDS_FILE = (RunState.UPLOADED, RunState.CHECKED_CLEAN, RunState.IMPORTING)
