"""The counts and secrets behind limits, the counts of findings, and the heartbeats of background processes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.fields import DayField, EncryptedTextField, MomentField


class Throttle(models.Model):
    """Attempts of one bucket in one window; the bucket is a blind index, so the row identifies nobody."""

    bucket = models.CharField(max_length=64)
    window = models.BigIntegerField()
    count = models.PositiveIntegerField(default=1)
    ends_at = MomentField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bucket", "window"], name="core_throttle_once")]

    def __str__(self):
        return f"Throttle {self.pk}"


class DailySecret(models.Model):
    """The secret of one day, from which ``portal.core.daily`` makes keys.

    It is deleted when the day is over, and is in no backup.
    """

    day = DayField(unique=True)
    secret = EncryptedTextField(max_length=64)

    def __str__(self):
        return f"Secret of {self.day}"


class StepFailure(models.Model):
    """A row that a periodic task could not process.

    It stays until the task no longer finds the row or processes it without an error. ``about`` is the row's model and
    number, ``error`` the kind of the error and never its message.
    """

    task = models.CharField(max_length=60)
    about = models.CharField(max_length=120)
    error = models.CharField(max_length=60)
    first_at = MomentField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "about"], name="core_stepfailure_once")]

    def __str__(self):
        return f"{self.task}: {self.about}"


class Heartbeat(models.Model):
    """When a process last did its round: beat sent the tick, or the worker ran it."""

    name = models.CharField(max_length=20, primary_key=True)
    at = MomentField()

    class Meta:
        verbose_name = _("Heartbeat")
        verbose_name_plural = _("Heartbeats")

    def __str__(self):
        return f"Heartbeat {self.name}"


class Backup(models.Model):
    """A backup that ended successfully.

    The owner's role writes these rows; the serving role can only read them. ``made_at`` is the moment from which the
    backed-up rows are. The backups themselves are stored where the serving processes cannot read.
    """

    made_at = MomentField(db_index=True)
    seconds = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField()
    rows = models.PositiveBigIntegerField()
    files = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("Backup")
        verbose_name_plural = _("Backups")

    def __str__(self):
        return f"Backup {self.pk}"


class FaultCount(models.Model):
    """The number of faults of a kind in one minute (minutes since 1970).

    Only ``portal.core.faults`` writes it.
    """

    kind = models.CharField(max_length=20)
    minute = models.PositiveBigIntegerField()
    count = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "minute"], name="core_faultcount_once")]

    def __str__(self):
        return f"{self.kind}: {self.count}"


class Observation(models.Model):
    """What a periodic task last observed outside the database: a number, or a fault in one word."""

    name = models.CharField(max_length=20, primary_key=True)
    at = MomentField()
    number = models.BigIntegerField(null=True)
    fault = models.CharField(max_length=80, blank=True)

    def __str__(self):
        return f"Observation {self.name}"
