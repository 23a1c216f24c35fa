"""Scales keep the text that their annex was printed with."""

from typing import Any

from django.db import migrations, models

from scoring.scale_annex import digest


def keep_texts(apps: Any, schema_editor: Any) -> None:
    """What stands in the annex is what was printed, where nobody typed into it since; else the
    scale has no kept text, and is compared with that of its words as before."""
    Scale = apps.get_model("scoring", "Scale")
    Article = apps.get_model("covenants", "Article")
    for scale in Scale.objects.filter(annex__isnull=False).select_related("annex"):
        Article.objects.filter(pk=scale.annex_id).update(by_portal=True)
        if is_untouched(apps, scale):
            Scale.objects.filter(pk=scale.pk).update(
                printed=scale.annex.body, printed_digest=digest(scale)
            )


def is_untouched(apps: Any, scale: Any) -> bool:
    """Whether the last save of the annex was part of an act of the scale, which left its own entry
    right behind."""
    entries = apps.get_model("members", "AuditEntry").objects
    saves = entries.filter(act__in=("covenants.article_added", "covenants.article_saved"))
    last = saves.filter(details__article=scale.annex_id).order_by("number").last()
    if last is None:
        return True
    return entries.filter(number=last.number + 1, act__startswith="scoring.scale_").exists()


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0003_membership_left"),
        ("covenants", "0007_article_by_portal"),
        ("scoring", "0002_papers_printed_once"),
    ]

    operations = [
        migrations.AddField(
            model_name="scale",
            name="printed",
            field=models.TextField(blank=True, verbose_name="text of the annex"),
        ),
        migrations.AddField(
            model_name="scale",
            name="printed_digest",
            field=models.CharField(
                blank=True, max_length=64, verbose_name="digest of the printed scale"
            ),
        ),
        migrations.RunPython(keep_texts, migrations.RunPython.noop),
    ]
