from .adoption import Vote, Voting
from .comments import Comment
from .drafts import Article, Paper, PaperBasis
from .keys import SignaturePicture, SigningKey
from .kinds import PaperKind
from .laws import LegalReference
from .parties import Covenant, Party, Signature
from .targets import Indicator, Target
from .versions import Version

__all__ = [
    "Article",
    "Comment",
    "Covenant",
    "Indicator",
    "LegalReference",
    "Paper",
    "PaperBasis",
    "PaperKind",
    "Party",
    "Signature",
    "SignaturePicture",
    "SigningKey",
    "Target",
    "Version",
    "Vote",
    "Voting",
]
