from .accounts import User
from .blocs import Bloc, BlocYear, Continuation, Membership, YearStep
from .boards import Board, BoardName, Succession, SuccessionParty
from .people import Person, Post
from .records import AuditEntry, ChainHead, OutboxMessage, StoredFile

__all__ = [
    "AuditEntry",
    "Bloc",
    "BlocYear",
    "Board",
    "BoardName",
    "ChainHead",
    "Continuation",
    "Membership",
    "OutboxMessage",
    "Person",
    "Post",
    "StoredFile",
    "Succession",
    "SuccessionParty",
    "User",
    "YearStep",
]
