"""Kinds of numbers, letters and certificates for the tests, declared as an area declares them.

The certificates are about employers; the kind of number, the letter and the certificate are invented.
"""

from portal.core.choices import Capability
from portal.organizations.models import Employer
from portal.papers.formats import letter_document
from portal.papers.kinds import CertificateKind, Kind, LetterKind

CASE, PLATE, LETTER = "planted.case", "planted.plate", "planted.letter"


def template():
    return letter_document(
        title="{{ title }}",
        paragraphs=[
            "一、{{ facts }}",
            "（一）{{ count }}",
            "{%p for demand in demands %}",
            "{{ demand.text }}",
            "{%p endfor %}",
        ],
    )


KINDS = [Kind(CASE, "示例案件", "监提")]
LETTERS = [
    LetterKind(
        LETTER,
        "示例函",
        template,
        samples={
            "number": "黑工监提〔2026〕1号",
            "addressee": "示例公司",
            "title": "示例函",
            "facts": "事实",
            "count": 3,
            "demands": [{"text": "整改"}],
        },
    )
]
CERTIFICATES = [
    CertificateKind(
        PLATE,
        "示例牌",
        "牌",
        model=Employer,
        title=lambda row: row.name,
        visible_to=lambda member: Employer.objects.reached_by(member, Capability.VIEW),
        landing=lambda row, request: f"/landing/{row.pk}/",
    )
]
