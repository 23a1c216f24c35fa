from django.apps import AppConfig


class EmulationBlocConfig(AppConfig):
    name = "emulation_bloc"

    def ready(self) -> None:
        from . import checks  # noqa: F401  registers the system checks
