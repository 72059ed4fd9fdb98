"""A password hasher that records each password it compares and takes a moment, as a real one does."""

import time

from django.contrib.auth.hashers import MD5PasswordHasher


class CountingHasher(MD5PasswordHasher):
    judged: list = []

    def verify(self, password, encoded):
        self.judged.append(password)
        time.sleep(0.05)
        return super().verify(password, encoded)
