from django.urls import include, path

from .views import board_results, comparing, index, papers, ranking

app_name = "scoring"

of_the_year = [
    path("", index.index, name="index"),
    path("mo/", index.open_year, name="open"),
]

# The scale and the workshop in which it is written.
of_the_scale: list[object] = []

# What a board does on its sheet.
of_sheets: list[object] = []

# What head and deputy do with sheets, and what follows publication.
of_appraisal: list[object] = []

# Ranking, pictures and papers.
of_results = [
    path("xep-hang/", ranking.ranking, name="ranking"),
    path("xep-hang/<int:pk>/", board_results.board_result, name="board_result"),
    path("doi-chieu/", comparing.comparison, name="comparison"),
    path("thu-tinh/", ranking.what_if, name="what_if"),
    path("phieu/<int:pk>/phieu.pdf", papers.sheet_paper, name="sheet_paper"),
    path("xep-hang/bang-tong-hop.pdf", papers.summary_paper, name="summary_paper"),
    path("doi-chieu/bang-doi-chieu.pdf", papers.comparison_paper, name="comparison_paper"),
    path("tham-dinh/bien-ban.pdf", papers.appraisal_minutes, name="appraisal_minutes"),
]

urlpatterns = [
    path(
        "cham-diem/",
        include([*of_the_year, *of_the_scale, *of_sheets, *of_appraisal, *of_results]),
    )
]
