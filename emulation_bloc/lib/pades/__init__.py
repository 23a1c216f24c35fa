"""Signatures in PDFs (PAdES). Only this package imports pyHanko.

`certificates` makes the authority and the leaders' certificates, `signing` signs PDFs, `inspection`
checks PDFs from anywhere. The network is not used: revocation is **not** checked online, and no
time stamp is requested.
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
    "inspect",
    "issue",
    "make_authority",
    "prepare",
    "read_certificate",
    "revocation_list",
    "sign",
]
