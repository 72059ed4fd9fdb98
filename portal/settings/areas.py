"""The work areas, and which of them are in service."""

from django.core.exceptions import ImproperlyConfigured

AREAS = ("matchmaking", "rights", "nursing_rooms", "childcare", "innovation")
# Addresses that would say in a log which room or which help somebody sought: what logs write in place of everything
# that begins so. nginx has the same list (deploy/nginx/portal.conf).
LOGGED_AS = {
    "/room/…": ("c", "nursing_rooms/room", "nursing_rooms/places"),
    "/help/…": ("rights/help", "rights/leave", "rights/cases", "rights/case-files", "rights/steps"),
}


def areas_in_service(environment):
    """Return the areas that PORTAL_AREAS names, or all when it is empty.

    An unknown name stops the process.
    """
    named = tuple(dict.fromkeys(name.strip() for name in environment.list("PORTAL_AREAS", default=[]) if name.strip()))
    unknown = [name for name in named if name not in AREAS]
    if unknown:
        raise ImproperlyConfigured(
            f"PORTAL_AREAS names no area of the portal: {', '.join(unknown)}. There are {', '.join(AREAS)}."
        )
    return named or AREAS
