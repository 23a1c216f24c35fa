"""The network address that the running request came from, for the audit chain."""

from collections.abc import Callable
from contextvars import ContextVar

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

address: ContextVar[str] = ContextVar("address", default="")


class OriginMiddleware:
    """Remembers the visitor's address, read through the configured number of proxies."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = address.set(_client_address(request))
        try:
            return self.get_response(request)
        finally:
            address.reset(token)


def _client_address(request: HttpRequest) -> str:
    """The visitor's address as allauth's limits count it; "" when it cannot be known."""
    try:
        return get_adapter().get_client_ip(request) or ""
    except PermissionDenied:
        return ""
