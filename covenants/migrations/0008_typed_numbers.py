"""Typed numbers stand in the book of their calendar year like those of the series."""

from typing import Any

from django.db import migrations, models

from members.models.numbers import symbol_key


def put_into_their_book(apps: Any, schema_editor: Any) -> None:
    """Of papers that were printed with the same number before, the later ones keep it: their key
    tells them apart, and nobody else gets that number."""
    NumberSeries = apps.get_model("covenants", "NumberSeries")
    borne: set[tuple[int, str, int]] = set()
    for paper in apps.get_model("covenants", "Paper").objects.exclude(number=None).order_by("pk"):
        if paper.series is None:
            book = {"bloc": paper.bloc_year.bloc, "year": paper.dated_on.year}
            paper.series, _made = NumberSeries.objects.get_or_create(**book)
            paper.number_is_typed = True
        key = symbol_key(paper.symbol)
        place = (paper.series.pk, key, paper.number)
        paper.symbol_key = f"{key} {paper.pk}" if place in borne else key
        borne.add(place)
        paper.save(update_fields=["series", "number_is_typed", "symbol_key"])


class Migration(migrations.Migration):
    dependencies = [
        ("covenants", "0007_article_by_portal"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="paper",
            name="number_once_a_series",
        ),
        migrations.AddField(
            model_name="paper",
            name="number_is_typed",
            field=models.BooleanField(default=False, verbose_name="number typed in"),
        ),
        migrations.AddField(
            model_name="paper",
            name="symbol_key",
            field=models.CharField(blank=True, editable=False, max_length=80),
        ),
        migrations.RunPython(put_into_their_book, migrations.RunPython.noop, elidable=True),
    ]
