"""Opening hours as people type them, and as they are shown again."""

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from portal.locations.hours import ALL_DAY, CLOSED, DAYS, Hours, from_data, hours_text, to_data, united
from portal.locations.reading import read_hours

NINE_TO_FIVE = ((540, 1020),)
SPLIT = ((540, 720), (810, 1020))
OFFICE = ((510, 990),)


def week(*first, then=CLOSED):
    """The hours of the first days, and of all days after them."""
    return (*first, *[then] * (DAYS - len(first)))


WEEKDAYS = Hours(week(*[NINE_TO_FIVE] * 5))
DAILY = Hours(week(then=NINE_TO_FIVE))


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("", None),
        ("  \n", None),
        ("周一至周五 9:00-17:00", WEEKDAYS),
        ("周一到周五：９：００－１７：００", WEEKDAYS),
        ("星期一~星期五 9点-17点", WEEKDAYS),
        ("周1-5 9:00-17:00", WEEKDAYS),
        ("周一至五，上午9时至下午5时", WEEKDAYS),
        ("Mo-Fr 09:00-17:00", WEEKDAYS),
        ("Mon to Fri 9:00 AM to 5:00 PM", WEEKDAYS),
        ("weekdays 9-17", WEEKDAYS),
        ("周一、周二、周三四五 9:00—17:00", WEEKDAYS),
        ("9.00-17.00", DAILY),
        ("09：00-17：00", DAILY),
        ("营业时间：9:00--17:00", DAILY),
        ("每天早9:00-晚5:00", DAILY),
        ("全年无休 9:00-17:00", DAILY),
        ("周一至周日（含节假日）9:00-17:00", DAILY),
        ("9:00-17:00，节假日照常", DAILY),
        ("Mo-Su 09:00-17:00; PH off", Hours(week(then=NINE_TO_FIVE), holidays=CLOSED)),
        ("周一至周五 9:00-17:00（节假日除外）", Hours(week(*[NINE_TO_FIVE] * 5), holidays=CLOSED)),
        ("法定节假日休息；周一至周五 9:00-17:00", Hours(week(*[NINE_TO_FIVE] * 5), holidays=CLOSED)),
        ("周一至周六 9:00-17:00，周日及节假日休息", Hours(week(*[NINE_TO_FIVE] * 6), holidays=CLOSED)),
        (
            "Mon–Sat 8–20; Sun and holidays closed",
            Hours(week(*[((480, 1200),)] * 6), holidays=CLOSED),
        ),
        ("每天9:00-17:00；节假日 10:00-16:00", Hours(week(then=NINE_TO_FIVE), holidays=((600, 960),))),
        ("每天9:00-17:00，周一闭馆", Hours(week(CLOSED, then=NINE_TO_FIVE))),
        ("周一闭馆，每天9:00-17:00", Hours(week(CLOSED, then=NINE_TO_FIVE))),
        ("周一至周五 9:00-12:00, 13:30-17:00", Hours(week(*[SPLIT] * 5))),
        ("周一至周五 上午9:00-12:00 下午1:30-5:00", Hours(week(*[SPLIT] * 5))),
        ("周一至周五 9:00-12:00\n周一至周五 13:30-17:00", Hours(week(*[SPLIT] * 5))),
        ("周一至周五 13:30-17:00\n9:00-12:00", Hours(week(*[SPLIT] * 5))),
        (
            "Mon–Fri 11:30–15:00 and Wed–Mon 18:00–23:00",
            Hours(
                week(
                    ((690, 900), (1080, 1380)),
                    ((690, 900),),
                    *[((690, 900), (1080, 1380))] * 3,
                    then=((1080, 1380),),
                )
            ),
        ),
        ("9:00-13:00, 12:00-17:00", DAILY),
        ("24小时", Hours(week(then=ALL_DAY))),
        ("全天24小时开放", Hours(week(then=ALL_DAY))),
        ("24/7", Hours(week(then=ALL_DAY))),
        ("0:00-24:00", Hours(week(then=ALL_DAY))),
        ("休息", Hours()),
        ("工作日 8:30-16:30", Hours(working=OFFICE)),
        ("office days 8:30-16:30", Hours(working=OFFICE)),
        (
            "工作日8:30-16:30，周末9:00-17:00，法定节假日休息",
            Hours(week(*[CLOSED] * 5, then=NINE_TO_FIVE), working=OFFICE, holidays=CLOSED),
        ),
        ("Sun 19:00–02:00", Hours(week(*[CLOSED] * 6, then=((1140, 1560),)))),
        ("周日 晚上7:00-次日2:00", Hours(week(*[CLOSED] * 6, then=((1140, 1560),)))),
        ("周日 晚7:00-2:00", Hours(week(*[CLOSED] * 6, then=((1140, 1560),)))),
        ("23:00-22:59", Hours(week(then=((1380, 2819),)))),
        ("22:00-6:00", Hours(week(then=((1320, 1800),)))),
        ("20:00-晚12点", Hours(week(then=((1200, 1440),)))),
    ],
)
def test_texts_that_are_read(text, hours):
    assert read_hours(text) == hours


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("随商场营业时间", "随商场营业时间"),
        ("周一至周五 9:00-17:00，请提前预约", "请提前预约"),
        ("商场 10:00-22:00", "商场 10:00-22:00"),
        ("08:00-08:00", "08:00-08:00"),
        ("10:00+", "10:00+"),
        ("每天10:00起", "10:00起"),
        ("周六 9:00", "9:00"),
        ("周一至周五", "周一至周五"),
        ("周一至周五，周六 9:00-12:00、周日", "周日"),
        ("25:00-26:00", "25:00-26:00"),
        ("9:75-10:00", "9:75"),
        ("上午13:00-15:00", "上午13:00"),
        ("上午9:00-5:00", "上午9:00-5:00"),
        ("1-5pm", "1-5pm"),
        ("9:00-17:00-19:00", "9:00-17:00-19:00"),
        ("周一 9:00-12:00；周一休息", "周一 9:00-12:00"),
        ("周一 9:00-12:00 休息", "周一 9:00-12:00 休息"),
        ("工作日 9:00-17:00；周一 8:00-9:00", "周一 8:00-9:00"),
        ("周日及节假日休息", "周日及节假日休息"),
        ("节假日照常；9:00-17:00；节假日休息", "节假日照常；9:00-17:00"),
        ("-", "-"),
        ("2026-10-01 9:00-17:00", "2026-10-01 9:00-17:00"),
        ("9:00-17:00" * 50, "400"),
    ],
)
def test_texts_that_are_refused_name_the_part(text, part):
    with pytest.raises(ValidationError) as refusal:
        read_hours(text)
    assert refusal.value.params == {"part": int(part) if part == "400" else part.replace("；", " ")} or part in str(
        refusal.value.params["part"]
    )


parts = st.lists(st.tuples(st.integers(0, 1439), st.integers(1, 1439)), max_size=3).map(
    lambda spans: united((start, start + length) for start, length in spans)
)
hours = st.one_of(
    st.builds(Hours, st.tuples(*[parts] * DAYS), st.none(), st.one_of(st.none(), parts)),
    st.builds(
        lambda saturday, sunday, working, holidays: Hours((*[CLOSED] * 5, saturday, sunday), working, holidays),
        parts,
        parts,
        parts,
        st.one_of(st.none(), parts),
    ),
)


@given(hours, st.sampled_from(["zh-hans", "en"]))
def test_what_is_shown_can_be_read_back(found, language):
    with override(language):
        text = hours_text(found)
    if found.is_never_open or len(text) > 400:
        return
    back = read_hours(text)
    if found.working is None and all(one == found.holidays for one in found.week):
        found = Hours(found.week)
    assert back == found


@given(hours)
def test_the_normal_form_is_kept_as_json(found):
    assert from_data(to_data(found)) == found


@pytest.mark.parametrize(
    "data",
    [
        {},
        [],
        {"week": [[]] * 6, "working": None, "holidays": None},
        {"week": [[[600, 540]]] * 7, "working": None, "holidays": None},
        {"week": [[[600, 700], [540, 580]]] * 7, "working": None, "holidays": None},
        {"week": [[[600, 700]]] * 7, "working": [[540, 600]], "holidays": None},
        {"week": [[[1500, 1600]]] * 7, "working": None, "holidays": None},
    ],
)
def test_other_json_is_refused(data):
    with pytest.raises(ValueError, match=r"."):
        from_data(data)


def test_lines_in_both_languages():
    found = read_hours("Mon-Fri 9:00-12:00, 13:30-17:00; Sat 19:00-2:00; PH off")
    with override("zh-hans"):
        assert str(found) == "周一至周五 9:00–12:00、13:30–17:00；周六 19:00–次日2:00；周日休息；法定节假日休息"
    with override("en"):
        text = "Mon–Fri 9:00–12:00, 13:30–17:00; Sat 19:00–next day 2:00; Sun closed; Public holidays closed"
        assert str(found) == text
    assert hours_text(None) == ""
