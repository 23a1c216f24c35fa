"""The client's address of the current request, for audit entries."""

from collections.abc import Callable
from contextvars import ContextVar

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

address: ContextVar[str] = ContextVar("address", default="")


class OriginMiddleware:
    """Sets `address` for the request, read through the configured number of proxies."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = address.set(_client_address(request))
        try:
            return self.get_response(request)
        finally:
            address.reset(token)


def _client_address(request: HttpRequest) -> str:
    """The client's address as allauth's rate limits see it; "" if unknown."""
    try:
        return get_adapter().get_client_ip(request) or ""
    except PermissionDenied:
        return ""
