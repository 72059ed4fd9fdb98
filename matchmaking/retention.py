"""What matchmaking deletes, and when."""

from django.utils.translation import gettext_lazy as _

from matchmaking import services
from portal.core.retention import Rule

RULES = [
    Rule(
        code="matchmaking.profiles",
        title=_("Singles' profiles, with photos: six months after she left"),
        due=services.profiles_to_purge,
        delete=lambda row: services.profile_purge(profile=row),
    ),
]
