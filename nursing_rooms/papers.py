"""The plates of nursing rooms, whose QR code leads to the page at the door, and the rectification notices."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nursing_rooms.choices.rooms import STANDING
from nursing_rooms.models import NursingRoom, RoomInspection
from nursing_rooms.selectors.plates import PLATE, plate_of
from portal.papers.formats import letter_document
from portal.papers.kinds import CertificateKind, Kind, LetterKind


def door_url(room, request):
    """Return the address of the page at the door, by the code of the valid plate; "" for a room that is not there."""
    plate = plate_of(room) if room.state in STANDING else None
    return reverse("nursing_rooms:door-show", args=[plate.code]) if plate is not None else ""


def notice_template():
    """Return the built-in template of the rectification notice."""
    return letter_document(
        title="妈咪小屋整改通知书",
        paragraphs=[
            "{{ day }}，{{ organization }}对“{{ subject }}”进行了现场检查，发现下列问题，请按期整改：",
            "{%p for finding in findings %}",
            "{{ finding.number }}. {{ finding.text }}（整改期限：{{ finding.due }}）",
            "{%p endfor %}",
            "请在期限届满前提交整改情况和证明材料，由其他人员复查。对检查结果有异议的，请向本会书面说明。",
        ],
    )


KINDS = [Kind(code=RoomInspection.notice_code, name=_("Rectification notice of a nursing room"), word="妈咪改")]
LETTERS = [
    LetterKind(
        code=RoomInspection.notice_code,
        name=_("Rectification notice of a nursing room"),
        build=notice_template,
        samples={
            "number": "黑工妈咪改〔2026〕1号",
            "addressee": "示例公司工会",
            "subject": "示例妈咪小屋",
            "day": "2026年3月2日",
            "findings": [{"number": 1, "text": "地面有水", "due": "2026年3月17日"}],
        },
    )
]
CERTIFICATES = [
    CertificateKind(
        code=PLATE,
        name=_("Plate of a nursing room"),
        word="妈咪屋",
        model=NursingRoom,
        title=lambda room: room.name,
        visible_to=NursingRoom.objects.visible_to,
        landing=door_url,
        landing_label=_("To the nursing room"),
        direct=True,
    )
]
