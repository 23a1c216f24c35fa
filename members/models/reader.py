from collections.abc import Sequence
from typing import Any, Protocol


class Reader(Protocol):
    """What a queryset's `visible_to` asks of the person who reads: a `User`, or nobody."""

    @property
    def is_authenticated(self) -> Any: ...

    @property
    def is_superuser(self) -> Any: ...

    @property
    def current_posts(self) -> Sequence[Any]: ...
