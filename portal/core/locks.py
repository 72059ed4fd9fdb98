"""The one place where a row is held."""

from django.utils.translation import gettext_lazy as _

from portal.core.errors import DomainError

GONE = _("This entry no longer exists.")


def hold(instance):
    """Lock the row of ``instance`` until the transaction ends and return it as it is now in the database.

    Lock order: organisation, parent, child, then pk. Raises DomainError when the row is gone.
    """
    model = instance._meta.model  # request.user is a lazy wrapper of another type
    held = model._default_manager.select_for_update(of=("self",)).filter(pk=instance.pk).first()
    if held is None:
        raise DomainError(GONE, code="gone")
    return held


def hold_all(queryset):
    """Lock the rows of ``queryset`` in pk order and return them as a list."""
    return list(queryset.order_by("pk").select_for_update(of=("self",)))
