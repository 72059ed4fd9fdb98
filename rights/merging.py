"""What becomes of rights stations when organisations merge."""

from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from rights.models import RightsStation


def consequences(source):
    """Return what a merger would do as pairs of words and number."""
    return [(_("rights stations go over"), RightsStation.objects.filter(organization=source).count())]


def absorb(*, actor, source, target, on):
    """Let ``target`` keep the stations of ``source``; return the counts."""
    count = RightsStation.objects.filter(organization=source).update(organization=target)
    audit_record(actor=actor, action="stations.merge", about=target, data={"from": source.pk, "count": count})
    return {"stations": count}
