"""The kinds of papers that every installation starts with; the bloc may change and add kinds."""

from typing import Any

from django.apps import apps as todays_apps
from django.apps.registry import Apps

from .models.kinds import COVENANT, Lasting, Route

STANDARD: tuple[dict[str, Any], ...] = (
    {
        "code": COVENANT,
        "name": "Giao ước thi đua",
        "type_name": "Giao ước thi đua",
        "symbol": "GƯ",
        "route": Route.SIGNED_BY_ALL,
    },
    {
        "code": "operating_regulation",
        "name": "Quy chế tổ chức và hoạt động",
        "type_name": "Quy chế",
        "symbol": "QC",
        "lasts": Lasting.UNTIL_REPLACED,
    },
    {
        "code": "point_scale",
        "name": "Quy định thang điểm chuẩn",
        "type_name": "Quy định",
        "symbol": "QĐ",
    },
    {
        "code": "fund_regulation",
        "name": "Quy chế quản lý và sử dụng quỹ",
        "type_name": "Quy chế",
        "symbol": "QC",
        "lasts": Lasting.UNTIL_REPLACED,
    },
    {
        "code": "exchange_plan",
        "name": "Kế hoạch giao lưu văn nghệ, thể thao",
        "type_name": "Kế hoạch",
        "symbol": "KH",
    },
    {
        "code": "document",
        "name": "Văn bản khác",
        "type_name": "Thông báo",
        "symbol": "TB",
        "is_single": False,
    },
)


def install(*, apps: Apps = todays_apps, **kwargs: Any) -> None:
    """Add the standard kinds that are missing; existing ones are not changed.

    A receiver of post_migrate, which passes the models as of the last migration run.
    """
    try:
        kinds = apps.get_model("covenants", "PaperKind").objects
    except LookupError:
        return
    for order, facts in enumerate(STANDARD, start=1):
        kinds.get_or_create(code=facts["code"], defaults={**facts, "order": order})
