"""What a person is asked to consent to, sentence by sentence; a changed sentence is a new version."""

import hashlib
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Purpose:
    """A purpose for which a person is asked to consent.

    ``lines`` are the sentences shown; a change of them needs a new ``version``. ``by_guardian`` marks what an adult
    consents to for a child that has no account.
    """

    code: str
    version: int
    title: str | Promise
    lines: tuple[str | Promise, ...]
    by_guardian: bool = False

    @property
    def digest(self) -> str:
        """SHA-256 (64 hex digits) of the title and lines in the active language, as proof of what was shown."""
        return hashlib.sha256("\n".join(str(line) for line in (self.title, *self.lines)).encode()).hexdigest()


# Personal Information Protection Law, articles 28 to 31: the data of a child under 14 is sensitive, so the guardian
# consents to it separately, after reading what the data is for, who sees it, how long it is kept and what a refusal
# changes.
CHILD = Purpose(
    code="members.child",
    version=2,
    title=_("Keeping my child's data"),
    lines=(
        _("You agree as the child's parent or guardian."),
        _("The portal keeps the child's name, sex and birth date, and what you are to the child."),
        _("It is for applying for classes and nursery places of the union, and for nothing else."),
        _("You alone see it. Before you apply for a place you are told who will see it then."),
        _("It is kept until you remove the child or take this back; it is deleted at once then, and for good."),
        _("You can take this back at any time, here or under “Me”, without giving a reason."),
    ),
    by_guardian=True,
)
CHILD_CARE = Purpose(
    code="members.child_health",
    version=1,
    title=_("What carers must know about my child"),
    lines=(
        _("You agree as the child's parent or guardian, separately from the child's entry."),
        _("The portal keeps what you write here: allergies, illnesses, medicines, and what else carers must know."),
        _("It is for the child's safety in the classes and places you apply for, and for nothing else."),
        _("It is kept encrypted. You alone see it; before you apply for a place you are told who will see it then."),
        _("You can do without it: the child stays entered, and you use everything else as before."),
        _("You can take this back at any time, here or under “Me”; what you wrote is deleted at once then."),
    ),
    by_guardian=True,
)
