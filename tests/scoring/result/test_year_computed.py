from scoring.models import Scoring
from scoring.models.appraisal import Column
from scoring.result import stored
from scoring.sheets.boards import compute_year
from tests.scoring.scales import published_year
from tests.shared_scene import in_scene


@in_scene(published_year)
def test_a_year_is_filled_in_appraised_and_published(scoring: Scoring) -> None:
    year = compute_year(scoring, Column.APPRAISED)
    assert [(one.rank, str(one.total)) for one in year.boards] == [(1, "13.40"), (1, "13.40")]
    assert list(stored.faults()) == []
