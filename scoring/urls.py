from django.urls import include, path

from .views import evidence, handing_in, index, sheets, workbooks

app_name = "scoring"

of_the_year = [
    path("", index.index, name="index"),
    path("mo/", index.open_year, name="open"),
]

# The scale and the workshop in which it is written.
of_the_scale: list[object] = []

# What a board does on its sheet.
of_a_sheet = [
    path("", sheets.sheet, name="sheet"),
    path("luu/", sheets.save_figures, name="save_figures"),
    path("dong/<int:line_pk>/", sheets.line, name="line"),
    path("minh-chung/", evidence.add_evidence, name="add_evidence"),
    path("minh-chung/<int:evidence_pk>/", evidence.evidence, name="evidence"),
    path("minh-chung/<int:evidence_pk>/dung/", evidence.use_evidence, name="use_evidence"),
    path("minh-chung/<int:evidence_pk>/bo/", evidence.drop_evidence, name="drop_evidence"),
    path("gui/", handing_in.submit, name="submit"),
    path("excel/", workbooks.sheet_excel, name="sheet_excel"),
    path("nhap-excel/", workbooks.sheet_import, name="sheet_import"),
]
of_sheets: list[object] = [path("phieu/<int:pk>/", include(of_a_sheet))]

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
