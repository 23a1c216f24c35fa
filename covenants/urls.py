from django.urls import path

from .views import consulting, drafting, reading, signing, wall, workshop

app_name = "covenants"

urlpatterns = [
    path("giao-uoc/", reading.covenant, name="covenant"),
    path("giao-uoc/tai-ve/<slug:what>/", reading.download, name="download"),
    path("giao-uoc/ban/", reading.versions, name="versions"),
    path("giao-uoc/gop-y/", consulting.comments, name="comments"),
    path("giao-uoc/gop-y/moi/", consulting.comment, name="comment"),
    path("giao-uoc/gop-y/<int:pk>/tra-loi/", consulting.answer, name="answer"),
    path("giao-uoc/lay-y-kien/", consulting.consult, name="consult"),
    path("giao-uoc/soan-tiep/", consulting.resume, name="resume"),
    path("giao-uoc/bat-dau/", workshop.start, name="start"),
    path("giao-uoc/chot/", workshop.seal, name="seal"),
    path("giao-uoc/huy/", workshop.annul, name="annul"),
    path("giao-uoc/soan/", drafting.workshop, name="workshop"),
    path("giao-uoc/soan/xem-truoc.pdf", drafting.preview, name="preview"),
    path("giao-uoc/soan/phan-dau/", drafting.header, name="header"),
    path("giao-uoc/soan/dieu/moi/", drafting.add_article, name="add_article"),
    path("giao-uoc/soan/dieu/<int:pk>/", drafting.article, name="article"),
    path("giao-uoc/soan/dieu/<int:pk>/chuyen/", drafting.move_article, name="move_article"),
    path("giao-uoc/soan/dieu/<int:pk>/bo/", drafting.remove_article, name="remove_article"),
    path("giao-uoc/soan/can-cu/", drafting.bases, name="bases"),
    path("giao-uoc/soan/chi-tieu/", drafting.targets, name="targets"),
    path("giao-uoc/soan/chi-tieu/moi/", drafting.add_indicator, name="add_indicator"),
    path("giao-uoc/soan/chi-tieu/<int:pk>/bo/", drafting.remove_indicator, name="remove_indicator"),
    path("giao-uoc/ky/<int:pk>/", signing.sign, name="sign"),
    path("giao-uoc/ky/<int:pk>/bien-nhan/", signing.receipt, name="receipt"),
    path("giao-uoc/le-ky/", wall.wall, name="wall"),
    path("giao-uoc/le-ky/cho-ngoi/", wall.wall_seats, name="wall_seats"),
    path("giao-uoc/le-ky/<int:pk>.png", wall.seat_picture, name="seat_picture"),
    path("khoa-ky/", signing.enrol, name="enrol"),
]
