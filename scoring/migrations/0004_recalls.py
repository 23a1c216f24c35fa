"""Sheets count the returns that were taken back."""

from collections import Counter
from typing import Any

from django.db import migrations, models


def count_recalls(apps: Any, schema_editor: Any) -> None:
    """As often as the chain says so."""
    entries = apps.get_model("members", "AuditEntry").objects.filter(act="scoring.recalled")
    counted = Counter(entries.values_list("subject", flat=True))
    sheets = apps.get_model("scoring", "Sheet").objects
    for subject, recalls in counted.items():
        sheets.filter(pk=subject.rpartition(":")[2]).update(recalls=recalls)


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0003_membership_left"),
        ("scoring", "0003_printed_scale"),
    ]

    operations = [
        migrations.AddField(
            model_name="sheet",
            name="recalls",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="returns taken back"),
        ),
        migrations.RunPython(count_recalls, migrations.RunPython.noop),
    ]
