from django.urls import include, path

from .views import (
    adoption,
    consulting,
    drafting,
    keys,
    laws,
    papers,
    pasting,
    reading,
    signing,
    targets,
    wall,
    workshop,
)

app_name = "covenants"

# Pages of every kind of paper.
pages = [
    path("", reading.read_paper, name="paper"),
    path("tai-ve/<slug:what>/", reading.download, name="download"),
    path("ban/", reading.versions, name="versions"),
    path("gop-y/", consulting.comments, name="comments"),
    path("gop-y/moi/", consulting.comment, name="comment"),
    path("gop-y/<int:pk>/tra-loi/", consulting.answer, name="answer"),
    path("lay-y-kien/", consulting.consult, name="consult"),
    path("soan-tiep/", consulting.resume, name="resume"),
    path("huy/", workshop.annul, name="annul"),
    path("soan/", drafting.workshop, name="workshop"),
    path("soan/xem-truoc.pdf", drafting.preview, name="preview"),
    path("soan/phan-dau/", drafting.header, name="header"),
    path("soan/dieu/moi/", drafting.add_article, name="add_article"),
    path("soan/dieu/<int:pk>/", drafting.article, name="article"),
    path("soan/dieu/<int:pk>/chuyen/", drafting.move_article, name="move_article"),
    path("soan/dieu/<int:pk>/bo/", drafting.remove_article, name="remove_article"),
    path("soan/can-cu/", drafting.bases, name="bases"),
    path("soan/can-cu/van-ban/", drafting.cite_papers, name="cite_papers"),
    path("ky/<int:pk>/", signing.sign, name="sign"),
    path("ky/<int:pk>/bien-nhan/", signing.receipt, name="receipt"),
]

# Pages of the covenant only.
of_the_covenant = [
    path("bat-dau/", workshop.start, name="start"),
    path("chot/", workshop.seal, name="seal"),
    path("soan/chi-tieu/", targets.targets, name="targets"),
    path("soan/chi-tieu/moi/", targets.add_indicator, name="add_indicator"),
    path("soan/chi-tieu/<int:pk>/", targets.indicator, name="indicator"),
    path("soan/chi-tieu/<int:pk>/chuyen/", targets.move_indicator, name="move_indicator"),
    path("soan/chi-tieu/<int:pk>/bo/", targets.remove_indicator, name="remove_indicator"),
    path("da-huy/<int:pk>/", reading.annulled, name="annulled"),
    path("le-ky/", wall.wall, name="wall"),
    path("le-ky/cho-ngoi/", wall.wall_seats, name="wall_seats"),
    path("le-ky/<int:pk>.png", wall.seat_picture, name="seat_picture"),
]

# Pages of the other kinds only: voting, numbering, validity.
of_adopted_papers = [
    path("bieu-quyet/", adoption.votings, name="votings"),
    path("bieu-quyet/dua-ra/", adoption.put_to_vote, name="put_to_vote"),
    path("bieu-quyet/phieu/", adoption.vote, name="vote"),
    path("bieu-quyet/ket-qua/", adoption.close_voting, name="close_voting"),
    path("bieu-quyet/dung/", adoption.call_off, name="call_off"),
    path("bieu-quyet/<int:number>/bien-ban.pdf", adoption.minutes, name="minutes"),
    path("ban-hanh/", adoption.issue, name="issue"),
    path("thu-hoi/", adoption.withdraw, name="withdraw"),
    path("soan/dan/", pasting.paste, name="paste"),
    path("soan/tep/", pasting.attachment, name="attachment"),
]

urlpatterns = [
    path("giao-uoc/", include([*pages, *of_the_covenant])),
    path("van-ban/<int:paper_pk>/", include(([*pages, *of_adopted_papers], "paper"))),
    path("van-ban/", papers.papers, name="papers"),
    path("van-ban/moi/", papers.new_paper, name="new_paper"),
    path("can-cu/", laws.laws, name="laws"),
    path("can-cu/moi/", laws.new_law, name="new_law"),
    path("can-cu/<int:pk>/", laws.law, name="law"),
    path("can-cu/<int:pk>/van-ban.pdf", laws.law_file, name="law_file"),
    path("khoa-ky/", signing.enrol, name="enrol"),
    path("khoa-ky/thu-hoi/", keys.revoke, name="revoke"),
    path("nhan-su/<int:pk>/khoa-ky/", keys.revoke_of, name="revoke_of"),
]
