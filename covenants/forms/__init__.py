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
    TargetsForm,
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
