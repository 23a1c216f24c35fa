from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Apart from 0008: PostgreSQL changes no table in the transaction that changed its rows."""

    dependencies = [
        ("covenants", "0008_typed_numbers"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.UniqueConstraint(
                fields=("series", "symbol_key", "number"),
                name="number_once_a_bloc_year_and_symbol",
                violation_error_message="This number is already taken.",
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.UniqueConstraint(
                condition=Q(number_is_typed=False),
                fields=("series", "number"),
                name="number_of_the_series_given_once",
                violation_error_message="This number is already taken.",
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=Q(number__isnull=True, series__isnull=True)
                | Q(number__isnull=False, series__isnull=False) & ~Q(symbol_key=""),
                name="numbered_paper_is_in_a_series",
            ),
        ),
    ]
