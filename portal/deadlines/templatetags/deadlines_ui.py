"""Template tags of deadlines."""

from django import template

from portal.deadlines.clock import clocks

register = template.Library()


@register.simple_tag
def clock_name(code):
    """Return the name of the clock ``code``, or "" if its area is out of service."""
    clock = clocks().get(code)
    return clock.name if clock else ""
