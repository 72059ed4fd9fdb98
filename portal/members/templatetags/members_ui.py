"""Template tags for messages about accounts: role labels, and links derived when the message is sent."""

from django import template

from portal.core.roles import Role
from portal.members.services import invitations

register = template.Library()


@register.simple_tag
def role_words(code):
    """Return the label of a role; a code that is no role is returned unchanged."""
    return Role(code).label if code in Role.values else code


@register.simple_tag
def invitation_link(pk):
    """Return the link of an open invitation; it is derived by key when sent and is stored in no row."""
    return invitations.invitation_link(pk)
