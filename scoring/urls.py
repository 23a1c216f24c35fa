from django.urls import include, path

from .views import index

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
of_results: list[object] = []

urlpatterns = [
    path(
        "cham-diem/",
        include([*of_the_year, *of_the_scale, *of_sheets, *of_appraisal, *of_results]),
    )
]
