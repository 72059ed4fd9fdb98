"""Words of messages about accounts: roles by their code, links made when they are sent."""

from django import template

from portal.core.roles import Role
from portal.members.services import invitations

register = template.Library()


@register.simple_tag
def role_words(code):
    """Return a role in words; a code that is no role stays itself."""
    return Role(code).label if code in Role.values else code


@register.simple_tag
def invitation_link(pk):
    """Return the link of an open invitation; it is made by key when the message is sent and lies in no row."""
    return invitations.invitation_link(pk)
