from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_backends
from django.contrib.auth.models import AbstractUser
from django.utils.functional import cached_property

if TYPE_CHECKING:
    from .people import Post


class User(AbstractUser):
    """A login. What its holder may do follows from the person's posts, never from the login."""

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Ask the rules about an object even for a superuser.

        Django lets superusers pass every question. An administrator runs the machine and its
        reference data; signing or answering for a board is not the administrator's.
        """
        if obj is None:
            return super().has_perm(perm)
        return self.is_active and any(
            backend.has_perm(self, perm, obj) for backend in get_backends()
        )

    @cached_property
    def current_posts(self) -> list["Post"]:
        """The posts held today, read once a request."""
        from .people import Post

        return list(
            Post.objects.current()
            .filter(person__user=self)
            .select_related("person", "board", "bloc")
            .order_by("pk")
        )
