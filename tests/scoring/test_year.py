from scoring import results
from scoring.models import Scoring
from scoring.models.appraisal import Column
from tests.kept import in_scene
from tests.scoring.scales import published_year


@in_scene(published_year)
def test_a_year_is_filled_in_appraised_and_published(scoring: Scoring) -> None:
    year = results.compute(scoring, Column.APPRAISED)
    assert [(one.rank, str(one.total)) for one in year.boards] == [(1, "13.40"), (1, "13.40")]
    assert list(results.faults()) == []
