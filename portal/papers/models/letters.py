"""Uploaded templates of letters, in versions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import StateField
from portal.core.fields import MomentField
from portal.papers.choices import TEMPLATE_TRANSITIONS, TemplateState
from portal.papers.kinds import letter_kinds


class LetterTemplate(models.Model):
    """A version of the template of a kind of letter; while none is in use, the built-in template is."""

    kind = models.CharField(_("Kind of letter"), max_length=80)
    version = models.PositiveIntegerField(_("Version"), editable=False)
    file = models.ForeignKey(
        "exchange.StoredFile", on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("File")
    )
    note = models.CharField(_("What is new"), max_length=200, blank=True)
    state = StateField(TEMPLATE_TRANSITIONS, default=TemplateState.KEPT)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("Uploaded by"),
    )
    created_at = MomentField(_("Uploaded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("Letter template")
        verbose_name_plural = _("Letter templates")
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="papers_lettertemplate_version"),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(state=TemplateState.CURRENT),
                name="papers_lettertemplate_current",
                violation_error_message=_("Another version is in use already."),
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="papers_lettertemplate_number"),
        ]

    def __str__(self):
        return f"{self.kind} {self.version}"

    @property
    def kind_name(self) -> str:
        """Return the name of the kind, or its code if its area is out of service."""
        kind = letter_kinds().get(self.kind)
        return str(kind.name) if kind else self.kind
