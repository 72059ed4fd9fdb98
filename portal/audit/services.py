"""Writing the audit."""

from portal.audit.models import AuditEntry


def path_of(instance):
    """Return the path of the organisation a row belongs to, as its queryset's ``path_lookup`` names it; '' for none."""
    queryset = getattr(type(instance), "_default_manager", None)
    lookup = getattr(getattr(queryset, "_queryset_class", None), "path_lookup", "")
    value = instance
    for part in lookup.split("__") if lookup else ():
        value = getattr(value, part, None)
        if value is None:
            return ""
    return value if isinstance(value, str) else ""


def audit_record(*, actor, action, about=None, fields=(), data=None, note="", organization=None, **states):
    """Write one entry in the caller's transaction. ``data`` takes ids, states and counts, never personal values.

    ``actor`` is a member or a Clock; ``about`` a saved row or None.
    """
    rule = getattr(actor, "rule", "")
    return AuditEntry.objects.create(
        actor=None if rule or actor is None or not getattr(actor, "pk", None) else actor,
        clock=rule,
        action=action,
        about_model=about._meta.label_lower if about is not None else "",
        about_id=about.pk if about is not None else None,
        organization_path=organization.path if organization is not None else path_of(about) if about else "",
        fields=sorted(fields),
        data=data or {},
        note=note[:500],
        **states,
    )
