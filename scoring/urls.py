from django.urls import URLPattern, URLResolver, include, path

from .views import (
    appraisal,
    board_results,
    comparing,
    conference,
    evidence,
    index,
    outside,
    papers,
    publication,
    ranking,
    scale_criteria,
    scale_import,
    scale_workshop,
    scales,
    sheets,
    tasks,
    workbooks,
)

app_name = "scoring"

of_the_year = [
    path("", index.index, name="index"),
    path("mo/", index.open_year, name="open"),
]

# The scale and the workshop in which it is written.
of_the_scale = [
    path("thang-diem/", scales.scale, name="scale"),
    path("thang-diem/khac-nam-truoc/", scales.differences, name="scale_differences"),
    path("thang-diem/tinh-thu/", scales.preview, name="scale_preview"),
    path("thang-diem/soan/", scale_workshop.workshop, name="scale_workshop"),
    path("thang-diem/bat-dau/", scale_workshop.start, name="start_scale"),
    path("thang-diem/soan/quy-dinh/", scale_workshop.rules, name="scale_rules"),
    path("thang-diem/soan/sap-xep/", scale_workshop.move_row, name="move_scale_row"),
    path("thang-diem/soan/nhom/them/", scale_workshop.new_group, name="new_scale_group"),
    path("thang-diem/soan/nhom/<int:pk>/", scale_workshop.group, name="scale_group"),
    path(
        "thang-diem/soan/nhom/<int:pk>/bo/", scale_workshop.remove_group, name="remove_scale_group"
    ),
    path(
        "thang-diem/soan/tieu-chi/them/", scale_criteria.new_criterion, name="new_scale_criterion"
    ),
    path("thang-diem/soan/tieu-chi/<int:pk>/", scale_criteria.criterion, name="scale_criterion"),
    path(
        "thang-diem/soan/tieu-chi/<int:pk>/bo/",
        scale_criteria.remove_criterion,
        name="remove_scale_criterion",
    ),
    path("thang-diem/soan/nhap-excel/", scale_import.import_scale, name="scale_import"),
]

# What a board does on its sheet.
of_a_sheet = [
    path("", sheets.sheet, name="sheet"),
    path("luu/", sheets.save_figures, name="save_figures"),
    path("dong/<int:line_pk>/", sheets.line, name="line"),
    path("minh-chung/", evidence.add_evidence, name="add_evidence"),
    path("minh-chung/<int:evidence_pk>/", evidence.evidence, name="evidence"),
    path("minh-chung/<int:evidence_pk>/dung/", evidence.use_evidence, name="use_evidence"),
    path("minh-chung/<int:evidence_pk>/bo/", evidence.drop_evidence, name="drop_evidence"),
    path("gui/", sheets.submit, name="submit"),
    path("excel/", workbooks.sheet_excel, name="sheet_excel"),
    path("nhap-excel/", workbooks.sheet_import, name="sheet_import"),
]
of_sheets = [path("phieu/<int:pk>/", include(of_a_sheet))]

# What head and deputy do with sheets, and what follows publication.
of_appraised_sheet = [
    path("", appraisal.appraise, name="appraise"),
    path("cham/", appraisal.appraise_line, name="appraise_line"),
    path("theo-de-xuat/", appraisal.take_as_proposed, name="take_as_proposed"),
    path("tra-lai/", appraisal.return_lines, name="return_lines"),
    path("tra-lai/rut/", appraisal.recall, name="recall"),
    path("ket-luan/", appraisal.conclude, name="conclude"),
    path("mo-lai/", appraisal.reopen, name="reopen"),
    path("diem/", appraisal.appraised_points, name="appraised_points"),
    path("ngoai-khoi/<int:line_pk>/", outside.outside_score, name="outside_score"),
    path("khong-xet/", conference.restrict, name="restrict"),
    path("thong-nhat/", conference.agreed_lines, name="agreed_lines"),
]
of_appraisal: list[URLPattern | URLResolver] = [
    path("tham-dinh/", publication.appraisal, name="appraisal"),
    path("tham-dinh/<int:pk>/", include(of_appraised_sheet)),
    path("tham-dinh/ke-hoach/", tasks.plans, name="plans"),
    path("tham-dinh/khong-giao/", tasks.assignments, name="assignments"),
    path("cham-cheo/", tasks.draw_cross_scoring, name="draw_cross_scoring"),
    path("cham-cheo/<int:pk>/", tasks.cross_score, name="cross_score"),
    path("cham-cheo/<int:pk>/tep/<int:evidence_pk>/", tasks.cross_evidence, name="cross_evidence"),
    path("cong-bo/", publication.publish, name="publish"),
    path("cong-bo/thu-hoi/", publication.take_back, name="take_back"),
    path("gia-han/", publication.prolong, name="prolong"),
    path("kien-nghi/", publication.objection_list, name="objections"),
    path("kien-nghi/dong/<int:pk>/", publication.object_to, name="object"),
    path("kien-nghi/<int:pk>/tra-loi/", publication.answer_objection, name="answer_objection"),
    path("thong-nhat/", conference.agree, name="agree"),
    path("thong-nhat/dong/<int:pk>/", conference.change_agreed, name="change_agreed"),
    path("ket-qua-cuoi/", conference.finalise, name="finalise"),
    path("dong-diem/", conference.rule_on_tie, name="rule_on_tie"),
    path("khong-xet/<int:pk>/giai-quyet/", conference.resolve_hold, name="resolve_hold"),
    path("khong-xet/<int:pk>/tep/", conference.restriction_file, name="restriction_file"),
]

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
