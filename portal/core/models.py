"""The count behind every limit: how often something was tried by one key in one window of time."""

from django.db import models


class Throttle(models.Model):
    """Tries of one bucket in one window; the bucket is a blind index, so the row names nobody."""

    bucket = models.CharField(max_length=64)
    window = models.BigIntegerField()
    count = models.PositiveIntegerField(default=1)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bucket", "window"], name="core_throttle_once")]

    def __str__(self):
        return f"Throttle {self.pk}"
