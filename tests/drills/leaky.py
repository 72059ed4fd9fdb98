"""The backend of a control run: an unknown name is answered at once. Nothing outside the drills names it."""

from portal.members.backends import PasswordBackend, login_key_of_name
from portal.members.models import Member


class LeakyBackend(PasswordBackend):
    """Does no work for a name nobody has."""

    def authenticate(self, request, login_name=None, password=None):
        if not Member.objects.filter(login_key=login_key_of_name(login_name)).exists():
            return None
        return super().authenticate(request, login_name, password)
