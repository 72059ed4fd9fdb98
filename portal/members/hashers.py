"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id at the least that OWASP recommends: 19 MiB, two passes, one lane; a thirtieth of a second.

    A new password is held against the last five and the present one. PBKDF2 at Django's cost took 1.6 CPU s for that;
    Django's own parameters of Argon2 take 100 MB for each of them. Hashes of PBKDF2 still open, and are written anew at
    the next sign-in.
    """

    time_cost = 2
    memory_cost = 19456
    parallelism = 1
