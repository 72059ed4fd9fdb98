"""Health check: whether uploaded files are scanned for viruses."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.health import Check, in_earnest
from portal.exchange import scanning
from portal.exchange.models import StoredFile

LATE = timedelta(minutes=10)


def checks() -> list[Check]:
    """Return the check of the virus scanner, with the number of waiting files.

    It fails when the scanner does not answer or a file has waited for a long time.
    """
    label = _("Virus scanner")
    if not scanning.is_on():
        words = _("Not set up: uploaded files are not scanned for viruses")
        return [Check("scanner", not in_earnest(), label, words, grave=False, figures={"scanner_set_up": 0})]
    answers, files = scanning.answers(), StoredFile.objects.held()
    held, late = files.count(), files.filter(held_since__lt=timezone.now() - LATE).exists()
    words = _("responding") if answers else _("not responding")
    value = _("%(words)s, %(held)s files waiting") % {"words": words, "held": held}
    figures = {"scanner_set_up": 1, "scanner_answers": int(answers), "files_held": held}
    return [Check("scanner", answers and not late, label, value, grave=False, figures=figures)]
