import pytest

from scoring import results
from scoring.models.appraisal import Column
from tests.people import Cast
from tests.scoring.scales import published_year

pytestmark = pytest.mark.django_db


def test_a_year_is_filled_in_appraised_and_published(cast: Cast) -> None:
    scoring = published_year(cast)

    year = results.compute(scoring, Column.APPRAISED)
    assert [(one.rank, str(one.total)) for one in year.boards] == [(1, "13.40"), (1, "13.40")]
    assert list(results.faults()) == []
