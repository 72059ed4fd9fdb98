"""Certificates and plates with a public page that says whether they are valid."""

from datetime import date

from django.conf import settings
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import StateField
from portal.core.bounds import VALIDITY
from portal.core.fields import DayField, MomentField
from portal.papers.choices import CERTIFICATE_TRANSITIONS, CertificateState, Standing
from portal.papers.codes import LENGTH, code_shown
from portal.papers.kinds import certificate_kinds
from portal.papers.querysets.certificates import CertificateQuerySet


class Certificate(models.Model):
    """A certificate about a row of any app; ``code`` is what its QR code leads to.

    ``title`` is as the row was named when the certificate was issued; it may name a person and is not on the public
    page. ``organization`` issued it. Valid through ``valid_until``, without an end if that is None.
    """

    kind = models.CharField(_("Kind"), max_length=80)
    number = models.CharField(_("Number"), max_length=40, unique=True)
    code = models.CharField(max_length=LENGTH, unique=True, editable=False, validators=[MinLengthValidator(LENGTH)])
    organization = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("Issuing organisation"),
    )
    about_model = models.CharField(max_length=80)
    about_id = models.BigIntegerField()
    title = models.CharField(_("Title"), max_length=200)
    state = StateField(CERTIFICATE_TRANSITIONS, default=CertificateState.VALID)
    issued_on = DayField(_("Issued on"))
    valid_until = DayField(_("Valid through"), span=VALIDITY, null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("Person who issued it")
    )
    replaces = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("Replaces the certificate"),
    )
    withdrawn_on = DayField(_("Withdrawn on"), null=True, blank=True)
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    decision = models.CharField(_("Decision"), max_length=100, blank=True)
    created_at = MomentField(auto_now_add=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("Certificate")
        verbose_name_plural = _("Certificates")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "about_id"],
                condition=Q(state=CertificateState.VALID),
                name="papers_certificate_once",
                violation_error_message=_("There is a certificate already. Withdraw or replace it first."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("issued_on")),
                name="papers_certificate_dates",
                violation_error_message=_("A certificate cannot end before the day on which it is issued."),
            ),
            models.CheckConstraint(
                condition=(Q(state=CertificateState.WITHDRAWN, withdrawn_on__isnull=False) & ~Q(reason=""))
                | (~Q(state=CertificateState.WITHDRAWN) & Q(withdrawn_on=None, reason="", decision="")),
                name="papers_certificate_withdrawn",
                violation_error_message=_("A certificate that is withdrawn needs a day and a reason."),
            ),
        ]
        indexes = [models.Index(fields=["about_model", "about_id"], name="papers_certificate_about")]

    def __str__(self):
        return f"Certificate {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("papers:certificate-check", args=[self.code])

    def standing_on(self, day: date) -> Standing:
        """Return whether the certificate is valid, expired or withdrawn on ``day``, by what is known today."""
        if self.state == CertificateState.WITHDRAWN:
            return Standing.WITHDRAWN
        return Standing.EXPIRED if self.valid_until is not None and self.valid_until < day else Standing.VALID

    @property
    def standing(self) -> Standing:
        return self.standing_on(timezone.localdate())

    @property
    def kind_name(self) -> str:
        """Return the name of the kind, or a general one if its area is out of service."""
        kind = certificate_kinds().get(self.kind)
        return str(kind.name if kind else _("Certificate"))

    @property
    def shown_code(self) -> str:
        return code_shown(self.code)
