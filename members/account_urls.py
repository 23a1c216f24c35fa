"""The pages of allauth that the portal uses; there is no sign-up and no password reset by mail."""

from allauth.account import views
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from django.views.generic import TemplateView

page = TemplateView.as_view

urlpatterns = [
    path("dang-nhap/", views.login, name="account_login"),
    path("dang-xuat/", views.logout, name="account_logout"),
    path("da-khoa/", views.account_inactive, name="account_inactive"),
    path("xac-nhan-lai/", views.reauthenticate, name="account_reauthenticate"),
    path("mat-khau/", views.password_change, name="account_change_password"),
    path("mat-khau/dat/", views.password_set, name="account_set_password"),
    path(
        "mat-khau/quen/",
        login_not_required(page(template_name="account/password_reset.html")),
        name="account_reset_password",
    ),
    # The key contains hyphens too, so the pattern must end the user id at the first one.
    re_path(
        r"^mat-khau/moi/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "mat-khau/moi/xong/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("hai-lop/", include("allauth.mfa.urls")),
]
