"""The data from which the demo's events are planned: themes, series, venues."""

from deploy.demo_data.cast import HARBIN, QIQIHAR
from matchmaking.choices.venues import VenueKind
from matchmaking.services.series import series_create, theme_create
from matchmaking.services.venues import venues_bulk_create

DAQING = "230600"
# Name, mode, initial text.
THEMES = (
    ("读书会", "offline", "带一本喜欢的书来聊聊，从一段文字开始认识一个人。"),
    ("假面舞会", "offline", "戴上面具，先聊天再见面。"),
    ("星空下午茶", "offline", "咖啡、手作和一部星空电影。"),
    ("边守·边爱", "offline", "为戍边青年安排的见面会，名额定向邀请。"),
    ("军警专场", "offline", "定向邀请，不拍照、不公开。"),
    ("医护专场", "online", "为轮班的医护职工安排：晚间线上，三十分钟一轮。"),
    ("教师专场", "offline", "寒暑假里的一个下午，和同行的朋友见面。"),
    ("产业工人专场", "offline", "走进车间，也走进彼此的生活。"),
    ("新就业形态专场", "online", "为快递员、网约车司机和主播安排的线上见面。"),
    ("冰雪之恋", "offline", "一天滑雪，一晚围炉夜话，零基础也可以参加。"),
    ("剧本游戏", "offline", "六人一桌，一个故事，一个下午。"),
    ("烘焙手作", "offline", "一起做一只蛋糕。"),
    ("徒步露营", "offline", "六人一组，领队和急救员同行。"),
    ("运动会", "offline", "趣味项目，男女搭档。"),
    ("观影", "offline", "看一部电影，聊一个晚上。"),
    ("七夕", "offline", "在七夕的晚上认识新朋友。"),
    ("三分钟约会", "offline", "每轮三分钟，见到每一个人。"),
)
SERIES = (
    ("230000", "会聚良缘·爱在龙江", "全省工会联动的职工婚恋服务品牌。"),
    (HARBIN, "冰雪之恋", "冬天在雪场和冰雪大世界举办的系列。"),
    (DAQING, "边守·边爱", "与驻地部队、电视台共同举办。"),
    (QIQIHAR, "鹤城有约", "齐齐哈尔职工交友系列。"),
)
VENUES = 30
HOUSES = (
    (VenueKind.CULTURE_PALACE, "工人文化宫", 300),
    (VenueKind.SERVICE_CENTRE, "职工服务中心", 120),
    (VenueKind.BOOK_HOUSE, "职工书屋", 40),
    (VenueKind.RED_SITE, "红色教育基地", 150),
    (VenueKind.HERITAGE, "非遗传承馆", 60),
    (VenueKind.PARK, "森林公园", 400),
    (VenueKind.SNOW, "冰雪园区", 500),
    (VenueKind.LIBRARY, "市图书馆报告厅", 200),
    (VenueKind.CAFE, "咖啡书吧", 36),
    (VenueKind.COMPANY_HALL, "企业礼堂", 260),
    (VenueKind.UNIVERSITY_HALL, "大学礼堂", 320),
    (VenueKind.FARM, "采摘农庄", 80),
)


def library(ground):
    """Load themes, series and up to thirty venues; return series and venues by city code."""
    for order, (name, mode, summary) in enumerate(THEMES, start=1):
        theme_create(actor=ground.cadre, name=name, mode=mode, summary=summary, order=order * 10)
    series = {
        code: series_create(actor=ground.cadre, organization=ground.places[code], name=name, summary=summary)
        for code, name, summary in SERIES
        if code in ground.places
    }
    rows = []
    codes = sorted(ground.cities)
    for number in range(min(VENUES, 3 * len(codes))):
        turn, place = divmod(number, len(codes))
        code = codes[place]
        kind, name, capacity = HOUSES[(place * 5 + turn) % len(HOUSES)]
        city = ground.cities[code]
        rows.append(
            {
                "organization": city,
                "name": f"示例{city.short_name}{name}",
                "kind": kind,
                "region": city.region,
                "address": f"{city.region.name}示例路{number + 1}号",
                "capacity": capacity,
            }
        )
    venues = {}
    for venue in venues_bulk_create(rows=rows):
        venues.setdefault(venue.region_id, []).append(venue)
    return series, venues
