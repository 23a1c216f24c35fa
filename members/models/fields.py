from typing import Any

from django.db import models

from emulation_bloc.lib.text import fold


class FoldedField(models.TextField):
    """The text of other fields in lower case without diacritics, for searching.

    Set on every save. SQL cannot fold đ and ấ alike on SQLite and PostgreSQL.
    """

    def __init__(self, *sources: str, **kwargs: Any) -> None:
        self.sources = sources
        super().__init__(**{**kwargs, "editable": False, "default": ""})

    def deconstruct(self) -> Any:
        name, path, _, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        kwargs.pop("default", None)
        return name, path, list(self.sources), kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        words = " ".join(str(getattr(model_instance, source)) for source in self.sources)
        folded = fold(words)
        setattr(model_instance, self.attname, folded)
        return folded
