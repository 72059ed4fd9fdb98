"""A password hasher with a fifth of the iterations used in production.

With less time for passwords, the time of the sign-in's own work is easier to measure.
"""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class FifthHasher(PBKDF2PasswordHasher):
    iterations = PBKDF2PasswordHasher.iterations // 5
