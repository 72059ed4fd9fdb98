"""How passwords are stored."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id at the minimum that OWASP recommends: 19 MiB, two passes, one lane.

    One hash takes a thirtieth of a second. A new password is compared with the last five and the present one. PBKDF2 at
    Django's cost took 1.6 CPU s for that; Django's own parameters of Argon2 take 100 MB for each of them. PBKDF2 hashes
    are still accepted, and are replaced at the next sign-in.
    """

    time_cost = 2
    memory_cost = 19456
    parallelism = 1
