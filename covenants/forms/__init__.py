from .annex import TargetsForm
from .drafting import (
    AnnulForm,
    AnswerForm,
    ArticleForm,
    CommentForm,
    CommentsFilter,
    HeaderForm,
    IndicatorForm,
    NewArticleForm,
    NewIndicatorForm,
    fitted,
)

__all__ = [
    "AnnulForm",
    "AnswerForm",
    "ArticleForm",
    "CommentForm",
    "CommentsFilter",
    "HeaderForm",
    "IndicatorForm",
    "NewArticleForm",
    "NewIndicatorForm",
    "TargetsForm",
    "fitted",
]
