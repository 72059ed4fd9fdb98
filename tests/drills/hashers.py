"""A fifth of what a password costs in production: the door's own work shows the better beside it."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class FifthHasher(PBKDF2PasswordHasher):
    iterations = PBKDF2PasswordHasher.iterations // 5
