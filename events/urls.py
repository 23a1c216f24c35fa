from django.urls import path

from . import views

app_name = "events"

urlpatterns = [path("su-kien/", views.index, name="index")]
