from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from . import views
from .board_changes.views import arrange, decide
from .closing import close
from .timeline_page import timeline

in_year = "k/<slug:bloc>/<int:year>/"

urlpatterns = [
    path("", views.start, name="start"),
    path(in_year, views.home, name="home"),
    path(in_year + "tim-kiem/", views.search, name="search"),
    path(in_year + "dong-thoi-gian/", timeline, name="timeline"),
    path(in_year + "sap-xep/", arrange, name="arrange"),
    path(in_year + "sap-xep/<int:pk>/", decide, name="decide"),
    path(in_year + "nam/dong/", close, name="close_year"),
    path(in_year, include("members.urls")),
    path(in_year, include("covenants.urls")),
    path(in_year, include("fund.urls")),
    path(in_year, include("events.urls")),
    path(in_year, include("scoring.urls")),
    path("", include("covenants.public_urls")),
    path("tai-khoan/", include("members.account_urls")),
    path("quan-tri/", admin.site.urls),
    path("ngon-ngu/", login_not_required(set_language), name="set_language"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
