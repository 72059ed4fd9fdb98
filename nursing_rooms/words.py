"""The words that people write in the register of rooms for types, facilities, datums, yes and no: constants."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation

from nursing_rooms.choices.rooms import Facility, RoomType
from portal.core.text import clean_line
from portal.locations.choices import Datum

if TYPE_CHECKING:
    from collections.abc import Mapping

YES, NO = (
    ("是", "对外", "开放", "公共", "有", "√", "yes", "y", "1"),
    ("否", "不对外", "内部", "无", "no", "n", "0", "×"),
)
# Other words that people write, beside the labels in both languages and the values.
TYPE_WORDS = {
    RoomType.ROOM: ("母婴室", "哺乳室", "关爱室", "妈咪小屋", "爱心妈咪小屋"),
    RoomType.CORNER: ("关爱角", "妈咪角"),
    RoomType.BOX: ("关爱箱", "妈咪箱"),
    RoomType.MOBILE: ("流动妈咪小屋", "流动母婴室", "妈咪大巴"),
}
DATUM_WORDS = {
    Datum.WGS84: ("wgs84", "wgs-84", "gps", "手机定位"),
    Datum.GCJ02: ("gcj02", "gcj-02", "高德", "腾讯", "火星坐标"),
    Datum.BD09: ("bd09", "bd-09", "百度"),
}
FACILITY_WORDS = {
    Facility.LOCK: ("门锁", "可上锁", "帘子", "窗帘", "隔帘"),
    Facility.SEAT: ("沙发", "座椅", "哺乳椅"),
    Facility.CHANGING_TABLE: ("尿布台", "婴儿护理台", "护理台"),
    Facility.BASIN: ("洗手池", "洗手台", "热水", "洗手液"),
    Facility.TABLE: ("桌子", "桌"),
    Facility.SOCKETS: ("插座", "电源"),
    Facility.BIN: ("垃圾桶", "垃圾箱"),
    Facility.FLOOR: ("防滑地面", "防滑地垫"),
    Facility.COT: ("婴儿床",),
    Facility.CALL: ("呼叫器", "呼叫铃"),
    Facility.FRIDGE: ("冰箱",),
    Facility.HEATING: ("空调", "暖气"),
    Facility.WATER: ("饮水机", "饮用水"),
    Facility.MICROWAVE: ("微波炉", "温奶器", "暖奶器"),
    Facility.FATHERS: ("父亲可用", "爸爸可进"),
}


@cache
def _words_of(choices: type[Any], further: tuple[tuple[Any, tuple[str, ...]], ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for choice in choices:
        found[word_key(choice.value)] = choice.value
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                found[word_key(str(choice.label))] = choice.value
    return found | {word_key(word): choice.value for choice, words in further for word in words}


def words_of(choices: type[Any], further: Mapping[Any, tuple[str, ...]]) -> dict[str, Any]:
    """Return the value by each way to write it: value, label in either language, and ``further`` words."""
    return _words_of(choices, tuple(further.items()))


def word_key(word: str) -> str:
    """Return what counts of a word: neither width nor blanks nor capitals do."""
    return re.sub(r"\s+", "", clean_line(word)).casefold()
