import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from covenants.models import SignaturePicture
from covenants.signing import pictures
from members.models import StoredFile
from members.records import files
from tests.covenants.pictures_drawn import stroke
from tests.covenants.traces import acts
from tests.people import Cast


def keep(cast: Cast, png: bytes) -> None:
    pictures.store_picture(cast.binh.person, png=png, at=timezone.now(), actor=cast.binh)


def test_a_kept_picture_is_offered_again(cast: Cast) -> None:
    png = stroke()
    assert pictures.read_picture(cast.binh.person) is None
    keep(cast, png)
    assert pictures.read_picture(cast.binh.person) == png
    assert acts() == ["covenants.picture_kept"]


def test_a_person_keeps_one_picture_at_a_time(cast: Cast) -> None:
    keep(cast, stroke())
    keep(cast, b"another")
    assert pictures.read_picture(cast.binh.person) == b"another"
    assert SignaturePicture.objects.count() == 1


def test_a_forgotten_picture_is_not_offered_any_more(cast: Cast) -> None:
    keep(cast, stroke())
    pictures.delete_picture(cast.binh.person, actor=cast.binh)
    assert pictures.read_picture(cast.binh.person) is None
    assert acts() == ["covenants.picture_kept", "covenants.picture_forgotten"]
    # What papers may refer to is never deleted.
    assert [files.read_content(stored) for stored in StoredFile.objects.all()] == [stroke()]


def test_forgetting_nothing_leaves_no_trace(cast: Cast) -> None:
    pictures.delete_picture(cast.binh.person, actor=cast.binh)
    assert acts() == []


@pytest.mark.parametrize("name", ["an", "chi", "em", "khach", "ngoai"])
def test_nobody_keeps_or_forgets_the_picture_of_somebody_else(cast: Cast, name: str) -> None:
    keep(cast, stroke())
    other = getattr(cast, name)
    with pytest.raises(PermissionDenied):
        pictures.store_picture(cast.binh.person, png=b"false", at=timezone.now(), actor=other)
    with pytest.raises(PermissionDenied):
        pictures.delete_picture(cast.binh.person, actor=other)
    assert pictures.read_picture(cast.binh.person) == stroke()
