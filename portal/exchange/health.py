"""Whether files that come in are looked through."""

from django.utils.translation import gettext_lazy as _

from portal.core.health import Check
from portal.exchange import scanning
from portal.exchange.models import StoredFile


def checks():
    """Return the finding on the virus scanner: ill when it does not answer; how many files wait for it."""
    label = _("Virus scanner")
    if not scanning.is_on():
        return [Check("scanner", True, label, _("Not set up: files that come in are not looked through"), grave=False)]
    answers, held = scanning.answers(), StoredFile.objects.held().count()
    words = _("answers") if answers else _("does not answer")
    value = _("%(words)s, %(held)s files wait") % {"words": words, "held": held}
    return [Check("scanner", answers, label, value, grave=False)]
