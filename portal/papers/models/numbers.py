"""Agency words, series of numbers, and the numbers taken from them."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.core.fields import MomentField, YearField
from portal.papers.numbering import WORD, WORD_LENGTH
from portal.papers.querysets.numbers import AgencyWordQuerySet

WRONG_WORD = _("An agency word has 2 to 20 Chinese characters, such as 黑工监提.")


class AgencyWord(models.Model):
    """The agency word (机关代字) of an organisation for a kind of number.

    Without a row, the word is made from the name of the organisation and the word of the kind.
    """

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Organisation")
    )
    kind = models.CharField(_("Kind"), max_length=80)
    word = models.CharField(
        _("Agency word"), max_length=WORD_LENGTH, validators=[RegexValidator(rf"^{WORD}\Z", WRONG_WORD)]
    )

    objects = AgencyWordQuerySet.as_manager()

    class Meta:
        verbose_name = _("Agency word")
        verbose_name_plural = _("Agency words")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind"],
                name="papers_agencyword_once",
                violation_error_message=_("This organisation already has an agency word for this kind."),
            ),
            models.UniqueConstraint(
                fields=["word"],
                name="papers_agencyword_word",
                violation_error_message=_("This agency word is already used for other papers."),
            ),
            models.CheckConstraint(
                condition=Q(word__regex=f"^{WORD}$"),
                name="papers_agencyword_written",
                violation_error_message=WRONG_WORD,
            ),
        ]

    def __str__(self):
        return f"Agency word {self.pk}"


class NumberSeries(models.Model):
    """The numbers of an organisation for one kind, year and agency word; ``next`` is the number to be taken next.

    A new agency word begins a new series, so that no series has a gap.
    """

    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=80)
    year = YearField()
    word = models.CharField(max_length=WORD_LENGTH)
    next = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "kind", "year", "word"], name="papers_numberseries_once"),
            # A written number exists once in the whole portal.
            models.UniqueConstraint(fields=["word", "year"], name="papers_numberseries_word"),
            models.CheckConstraint(condition=Q(next__gte=1), name="papers_numberseries_next"),
        ]

    def __str__(self):
        return f"Number series {self.pk}"


class TakenNumber(models.Model):
    """A number that was taken for a row of any app."""

    series = models.ForeignKey(NumberSeries, on_delete=models.PROTECT, related_name="taken")
    serial = models.PositiveIntegerField()
    about_model = models.CharField(max_length=80)
    about_id = models.BigIntegerField()
    taken_at = MomentField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "serial"], name="papers_takennumber_once"),
            models.CheckConstraint(condition=Q(serial__gte=1), name="papers_takennumber_serial"),
        ]
        indexes = [models.Index(fields=["about_model", "about_id"], name="papers_takennumber_about")]

    def __str__(self):
        return f"Taken number {self.pk}"
