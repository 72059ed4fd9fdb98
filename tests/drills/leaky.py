"""The authentication backend of a control run: it answers an unknown name at once.

Nothing outside the drills uses it.
"""

from portal.members.backends import PasswordBackend, login_key_of_name
from portal.members.models import Member


class LeakyBackend(PasswordBackend):
    """A password backend that does no work for an unknown name."""

    def authenticate(self, request, login_name=None, password=None):
        if not Member.objects.filter(login_key=login_key_of_name(login_name)).exists():
            return None
        return super().authenticate(request, login_name, password)
