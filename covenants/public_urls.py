from django.urls import path

from .views import verification

app_name = "covenants_public"

urlpatterns = [
    path("xac-minh/", verification.verify_file, name="verify_file"),
    path("xac-minh/<slug:code>/", verification.verify, name="verify"),
    path("danh-sach-thu-hoi.crl", verification.revocation_list, name="revocation_list"),
    path("chung-thu-cong.crt", verification.authority_certificate, name="authority_certificate"),
]
