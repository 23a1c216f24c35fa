"""The lock under which a paper is changed; members.records.acts changes its state."""

from .models import Paper


def lock(paper: Paper) -> Paper:
    """The paper read again, its row locked until the transaction ends."""
    return Paper.objects.select_for_update().get(pk=paper.pk)
