"""What becomes of singles' profiles when organisations merge; found by name by the tree's services."""

from django.utils.translation import gettext_lazy as _

from matchmaking.models import SingleProfile
from portal.audit.services import audit_record


def consequences(source):
    """Return what a merger would do as pairs of words and number."""
    return [(_("words on singles go over"), SingleProfile.objects.filter(vouched_unit=source).count())]


def absorb(*, actor, source, target, on):
    """The words given on people of ``source`` hold on at ``target``, which also gives those still waited for."""
    given = SingleProfile.objects.filter(vouched_unit=source).update(vouched_unit=target)
    asked = SingleProfile.objects.filter(vetting_organization=source).update(vetting_organization=target)
    audit_record(actor=actor, action="singles.merge", about=target, data={"from": source.pk, "count": given + asked})
    return {"singles": given}
