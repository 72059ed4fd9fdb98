"""Whether files that come in are looked through."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.health import Check, in_earnest
from portal.exchange import scanning
from portal.exchange.models import StoredFile

LATE = timedelta(minutes=10)


def checks() -> list[Check]:
    """Return the finding on the virus scanner: ill when it is silent or leaves a file for long; how many wait."""
    label = _("Virus scanner")
    if not scanning.is_on():
        words = _("Not set up: files that come in are not looked through")
        return [Check("scanner", not in_earnest(), label, words, grave=False, figures={"scanner_set_up": 0})]
    answers, files = scanning.answers(), StoredFile.objects.held()
    held, late = files.count(), files.filter(held_since__lt=timezone.now() - LATE).exists()
    words = _("answers") if answers else _("does not answer")
    value = _("%(words)s, %(held)s files wait") % {"words": words, "held": held}
    figures = {"scanner_set_up": 1, "scanner_answers": int(answers), "files_held": held}
    return [Check("scanner", answers and not late, label, value, grave=False, figures=figures)]
