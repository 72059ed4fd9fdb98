"""Loads notices in every state into a demonstration, through the services."""

from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.core.choices import Area, Capability
from portal.core.demonstration import demo_only
from portal.core.roles import Role
from portal.members.models import Duty
from portal.members.selectors import holders
from portal.notices import services
from portal.notices.choices import Audience
from portal.notices.models import Notice
from portal.organizations.models import Organization

MONTH = timedelta(days=30)
TEXTS = (
    (
        Audience.PUBLIC,
        "全省工会女职工“书香润心”阅读活动报名通知",
        (
            "为丰富女职工精神文化生活，现面向全省开展“书香润心”阅读活动。\n\n"
            "活动免费，不登录也可以了解。各单位可组织集体报名，个人也可以自行参加。\n\n"
            "活动结束后，组织者会在本栏目公布优秀读书笔记。"
        ),
        "published",
    ),
    (
        Audience.MEMBERS,
        "女职工“两癌”筛查本月安排",
        "本月筛查在各区定点医院进行，请携带身份证，按单位通知的时间前往。\n\n因工作不能按时参加的，可与本单位女职工委员会联系改期。",
        "published",
    ),
    (
        Audience.STAFF,
        "关于上报上半年女职工工作统计报表的通知",
        (
            "各市（地）工会女职工委员会：\n\n请于本月二十日前完成上半年统计报表的核对与上报。上报前请逐项与去年同期比对，差异较大的项目附说明。\n\n"
            "收到本通知后请点击“已阅读”确认。"
        ),
        "published",
    ),
    (Audience.STAFF, "女职工干部业务培训班安排", "培训分两期进行，名额按市分配，具体时间另行通知。", "submitted"),
    (Audience.MEMBERS, "暑期托管班开放时间", "各托管班开放时间见附件，以各班公布为准。", "approved"),
    (Audience.STAFF, "女职工权益保护月活动方案（草稿）", "活动主题与分工待定。", "draft"),
)


class Command(BaseCommand):
    help = "Load notices into a demonstration; does nothing where notices are."

    def handle(self, **options):
        demo_only()
        if Notice.objects.exists():
            self.stdout.write("Notices are there already.")
            return
        root = Organization.objects.filter(parent=None).first()
        if root is None:
            raise CommandError("Load the demonstration first: there is no organisation.")
        made = self._write(root)
        city = (
            Duty.objects.current()
            .filter(organization__parent=root, role__in=(Role.CADRE, Role.CHAIR))
            .order_by("organization")
            .first()
        )
        if city is not None:
            made += self._write(city.organization)
        self.stdout.write(f"Loaded {made} notices.")

    def _write(self, organization):
        approvers = holders(Area.NOTICES, Capability.APPROVE, organization)
        editors = [who for who in holders(Area.NOTICES, Capability.EDIT, organization) if who not in approvers[:1]]
        if not approvers or not editors:
            return 0
        author, chair = editors[0], approvers[0]
        for audience, title, body, state in TEXTS:
            notice = services.notice_create(
                actor=author,
                organization=organization,
                audience=audience,
                title=title,
                body=body,
                publish_until=timezone.now() + 3 * MONTH,
            )
            if state != "draft":
                services.notice_submit(notice=notice, actor=author)
            if state in ("approved", "published"):
                services.notice_approve(notice=notice, actor=chair)
            if state == "published":
                services.notice_publish(notice=notice, actor=author)
        return len(TEXTS)
