from django.urls import path

from . import views

app_name = "fund"

urlpatterns = [path("quy/", views.index, name="index")]
