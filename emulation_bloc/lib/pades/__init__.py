"""Signatures on papers (PAdES). All names of pyHanko stay inside this package.

`certificates` makes the bloc's authority and the certificates of its leaders, `signing` writes
signatures into a PDF, `inspection` judges a PDF that came from anywhere. Nothing here reaches the
network: whether a certificate was revoked is **not** checked online, nor is a time stamp asked for.
"""

from emulation_bloc.lib.pades.certificates import (
    CertificateFacts,
    KeyPair,
    issue,
    make_authority,
    read_certificate,
    revocation_list,
)
from emulation_bloc.lib.pades.inspection import Inspection, Problem, SignatureReport, inspect
from emulation_bloc.lib.pades.signing import (
    CERTIFICATION_FIELD,
    CLOSING_FIELD,
    CertificateOutOfDate,
    FieldMissing,
    FieldTaken,
    Identity,
    PadesError,
    SeatField,
    UnreadablePdf,
    close,
    field_states,
    prepare,
    sign,
)

__all__ = [
    "CERTIFICATION_FIELD",
    "CLOSING_FIELD",
    "CertificateFacts",
    "CertificateOutOfDate",
    "FieldMissing",
    "FieldTaken",
    "Identity",
    "Inspection",
    "KeyPair",
    "PadesError",
    "Problem",
    "SeatField",
    "SignatureReport",
    "UnreadablePdf",
    "close",
    "field_states",
    "inspect",
    "issue",
    "make_authority",
    "prepare",
    "read_certificate",
    "revocation_list",
    "sign",
]
