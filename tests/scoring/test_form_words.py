"""Error messages of the scoring forms are the portal's own."""

from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from scoring.forms.appraisal import OutsideForm, ReasonForm
from scoring.forms.conference import AgreeForm, ResolveForm, RestrictForm, TieForm
from scoring.forms.criteria import CriterionForm
from scoring.forms.publication import PublishForm
from scoring.forms.scales import GroupForm, RulesForm, ScaleFileForm
from scoring.forms.tasks import AssignForm
from scoring.models import Scale
from tests.scoring.scales import drafted_scale
from tests.scoring.years import Stage, submitted_stage
from tests.shared_scene import in_scene

GENERIC = {str(forms.Field.default_error_messages["required"]), "Tập tin được gửi là rỗng."}


def said(form: forms.Form) -> set[str]:
    return {str(one) for errors in form.errors.values() for one in errors}


@pytest.mark.parametrize(
    "form", [AgreeForm, ResolveForm, RestrictForm, ReasonForm, PublishForm, ScaleFileForm]
)
def test_what_is_missing_is_named(form: Any) -> None:
    assert said(form({}))
    assert said(form({})) & GENERIC == set()


@in_scene(submitted_stage)
def test_what_is_missing_of_a_line_or_a_tie_is_named(stage: Stage) -> None:
    sheets = list(stage.scoring.sheets.all())
    outside = OutsideForm({}, line=stage.line(stage.third, "III.2"))

    assert said(outside) == {
        "Ghi số liệu.",
        "Ghi số, ngày và tên văn bản.",
        "Chọn một tệp hoặc chụp một ảnh.",
    }
    assert said(TieForm({}, sheets=sheets, steps=["ballot", "head"])) == {
        "Chọn bên quyết định.",
        "Ghi biên bản hoặc quyết định.",
        "Ghi thứ tự.",
    }


@in_scene(drafted_scale)
def test_what_is_missing_in_the_workshop_of_the_scale_is_named(scale: Scale) -> None:
    criterion = CriterionForm.for_row(scale, None, {"kind": "count"})
    group = GroupForm({}, scale=scale, row=None, groups=list(scale.groups.all()))
    found = [said(form) for form in (criterion, group, RulesForm.for_scale(scale, {}))]

    assert found[0] >= {"Ghi “Mã”.", "Chọn “Thuộc nhóm”.", "Ghi “Điểm cho mỗi trường hợp”."}
    assert found[1] >= {"Ghi “Mã”.", "Ghi “Tên gọi”.", "Ghi “Điểm”."}
    assert found[2] >= {"Ghi “Tổng điểm chuẩn”.", "Chọn “Xếp hạng theo”."}
    assert [one & GENERIC for one in found] == [set(), set(), set()]


def test_what_is_missing_of_a_criterion_that_is_not_assigned_is_named() -> None:
    assert said(AssignForm({}, sheets=[], criteria=[])) == {
        "Chọn đơn vị.",
        "Chọn tiêu chí.",
        "Đề nghị nêu lý do.",
    }


@pytest.mark.parametrize("form", [RestrictForm, ScaleFileForm])
def test_an_empty_file_is_said_to_be_empty(form: Any) -> None:
    empty = SimpleUploadedFile("a.pdf", b"")
    assert "trống" in str(form({}, {"file": empty}).errors["file"])
