from django.urls import path

from . import views

app_name = "members"

urlpatterns = [
    path("thanh-vien/", views.boards, name="boards"),
    path("thanh-vien/<slug:code>/", views.board, name="board"),
    path("nhan-su/", views.people, name="people"),
    path("nhan-su/moi/", views.invite, name="invite"),
    path("nhan-su/the-dang-nhap/", views.admission, name="admission"),
    path("nhan-su/<int:pk>/", views.person, name="person"),
    path("nhan-su/<int:pk>/bo-nhiem/", views.appoint, name="appoint"),
    path("nhan-su/<int:pk>/ket-thuc/<int:post_pk>/", views.end_post, name="end_post"),
    path("nhan-su/<int:pk>/dat-lai-mat-khau/", views.reset_password, name="reset_password"),
    path("nam/", views.years, name="years"),
    path("nam/moi/", views.new_year, name="new_year"),
    path("nam/moc-thoi-gian/", views.change_dates, name="change_dates"),
]
