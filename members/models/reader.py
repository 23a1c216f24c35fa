from collections.abc import Sequence
from typing import Any, Protocol


class Reader(Protocol):
    """What `visible_to` needs of a user; AnonymousUser is allowed."""

    @property
    def is_authenticated(self) -> Any: ...

    @property
    def is_superuser(self) -> Any: ...

    @property
    def current_posts(self) -> Sequence[Any]: ...
