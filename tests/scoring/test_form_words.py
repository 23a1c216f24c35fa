"""What is missing in a form of scoring is said in the portal's own words."""

from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from scoring.forms.agreement import AgreeForm, ResolveForm, RestrictForm, TieForm
from scoring.forms.appraisal import OutsideForm, ReasonForm
from scoring.forms.publication import PublishForm
from scoring.forms.scales import ScaleFileForm
from tests.kept import in_scene
from tests.scoring.years import Stage, submitted_stage

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


@pytest.mark.parametrize("form", [RestrictForm, ScaleFileForm])
def test_an_empty_file_is_said_to_be_empty(form: Any) -> None:
    empty = SimpleUploadedFile("a.pdf", b"")
    assert "trống" in str(form({}, {"file": empty}).errors["file"])
