"""What goes when a person is erased: their hours of duty at rights stations."""

from django.utils.translation import gettext_lazy as _

from rights.models import StationShift
from rights.services import shifts_erase


def consequences(member):
    """Return what a deletion would do as pairs of words and number."""
    return [(_("hours of duty at rights stations are deleted"), StationShift.objects.of(member).count())]


def erase(*, member, actor):
    """Delete what names the person; the stations stay."""
    shifts_erase(member)
