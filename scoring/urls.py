from django.urls import path

from . import views

app_name = "scoring"

urlpatterns = [path("cham-diem/", views.index, name="index")]
