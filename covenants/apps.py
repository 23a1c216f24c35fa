from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CovenantsConfig(AppConfig):
    """Registers permissions, and installs the standard kinds of papers after migrations."""

    name = "covenants"
    verbose_name = _("Covenants")

    def ready(self) -> None:
        from . import kinds, rules

        post_migrate.connect(kinds.install, sender=self)
        rules.register()
