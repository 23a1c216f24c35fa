from .blocs import Bloc, BlocYear, Continuation, Membership, YearStep
from .boards import Board, BoardName
from .numbers import Numbered, NumberSeries
from .people import Person, Post, User
from .records import AuditEntry, ChainHead, OutboxMessage, PaperOfRecord, StoredFile
from .successions import Succession, SuccessionParty

__all__ = [
    "AuditEntry",
    "Bloc",
    "BlocYear",
    "Board",
    "BoardName",
    "ChainHead",
    "Continuation",
    "Membership",
    "NumberSeries",
    "Numbered",
    "OutboxMessage",
    "PaperOfRecord",
    "Person",
    "Post",
    "StoredFile",
    "Succession",
    "SuccessionParty",
    "User",
    "YearStep",
]
