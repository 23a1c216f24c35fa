from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("covenants", "0006_indicator_revision"),
    ]

    operations = [
        migrations.AddField(
            model_name="article",
            name="by_portal",
            field=models.BooleanField(default=False, verbose_name="written by the portal"),
        ),
    ]
