"""The lines people write on their cards: no name, no unit, no way to reach anyone."""

LIKES = (
    "喜欢在松花江边散步",
    "周末常去滑雪",
    "爱做饭，拿手锅包肉",
    "喜欢看老电影",
    "下班后跑步五公里",
    "养了一只橘猫",
    "喜欢拍雪景",
    "会弹一点吉他",
    "爱逛早市",
    "喜欢读历史",
    "常去图书馆",
    "在学烘焙",
    "喜欢徒步和露营",
    "爱听相声",
    "爱打羽毛球",
    "种了一阳台的花",
)
ARE = (
    "性格开朗",
    "慢热但真诚",
    "做事踏实",
    "爱笑",
    "安静细心",
    "有点幽默",
    "随和",
    "热心肠",
    "乐观",
    "守时守信",
)
WISH = (
    "希望遇见聊得来的人",
    "想找一起看雪的人",
    "盼望认真相处",
    "希望彼此尊重、一起成长",
    "想和你一起过平常日子",
    "愿意慢慢了解",
    "希望你也爱生活",
)


def line(rng):
    """Return a line of at most 120 characters."""
    return f"{rng.choice(ARE)}，{rng.choice(LIKES)}，{rng.choice(WISH)}。"
