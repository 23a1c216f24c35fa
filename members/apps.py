from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    """Registers permissions, and installs the triggers after migrations."""

    name = "members"
    verbose_name = _("Members")

    def ready(self) -> None:
        from . import rules
        from .records import triggers

        post_migrate.connect(triggers.install, sender=self)
        rules.register()
