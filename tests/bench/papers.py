"""Rendering the covenant against WeasyPrint alone; one signature against pyHanko alone."""

import contextlib
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore
from weasyprint import HTML

from covenants.models import Covenant, Party
from covenants.papers import printing
from covenants.signing import enrolment, signing
from covenants.transitions import lock
from emulation_bloc.demo.accounts import PASSPHRASE, leader_of
from emulation_bloc.lib import fonts, pdf
from emulation_bloc.lib.pades import KeyPair
from members.records import audit, files, letterhead
from tests.bench.run import Row, compare


class RolledBack(Exception):
    """Undoes one timed signature, so that every run signs the same file."""


def rendering() -> Row:
    paper = Covenant.objects.get(bloc_year__year=2019)
    content = paper.versions.get(occasion="sealing").content
    parties = list(paper.parties.all())
    context = printing.covenant_context(paper, content, parties, paper.code or "")
    html = render_to_string("covenants/pdf/covenant.html", context)
    return compare(
        "render the covenant (11 seats)",
        1.15,
        floor=lambda: bare_render(html),
        ours=lambda: printing.printed(paper, content, parties, paper.code or ""),
    )


def bare_render(html: str) -> bytes:
    """WeasyPrint alone, with the fonts and the style sheet of papers already loaded."""
    press = pdf.press_of(fonts.DIRECTORIES)
    with pdf.without_profile_warning():
        document = HTML(string=html).render(
            font_config=press.fonts, stylesheets=press.styles, pdf_variant=pdf.VARIANT
        )
        return bytes(document.write_pdf(pdf_variant=pdf.VARIANT))


def waiting_party() -> Party:
    """A seat that waits in the demo's current year, its leader enrolled."""
    party = Party.objects.waiting().select_related("membership__board", "paper").first()
    leader = leader_of(party.membership.board)
    enrolment.enrol(leader.person, passphrase=PASSPHRASE, actor=leader)
    return party


def signature() -> Row:
    """Without opening the key: its passphrase is made slow to guess on purpose."""
    party = waiting_party()
    leader = leader_of(party.membership.board)
    key, pair = enrolment.unlock(leader.person, passphrase=PASSPHRASE)
    post = signing.post_for(leader, party)

    def ours() -> None:
        with contextlib.suppress(RolledBack), transaction.atomic():
            paper = lock(party.paper)
            signing.fill_seat(paper, party, post=post, key=key, pair=pair, picture=None)
            audit.record("bench.signed", actor=leader, subject=party, bloc=None)
            raise RolledBack

    return compare(
        "one signature, stored and audited", 1.3, floor=bare_signature(party, pair), ours=ours
    )


def bare_signature(party: Party, pair: KeyPair) -> Callable[[], object]:
    """WeasyPrint and pyHanko alone: the same stamp drawn, the same file and field signed."""
    content = files.read_content(party.paper.newest)
    html = render_to_string("covenants/pdf/stamp.html", stamp_context())
    stamp = Path(tempfile.mkdtemp()) / "stamp.pdf"
    (certificate,) = load_certs_from_pemder_data(pair.certificate_pem)
    signer = signers.SimpleSigner(
        signing_cert=certificate,
        signing_key=load_private_key_from_pemder_data(pair.private_key_pem, passphrase=None),
        cert_registry=SimpleCertificateStore(),
    )
    meta = signers.PdfSignatureMetadata(
        field_name=party.field_name, subfilter=SigSeedSubFilter.PADES
    )

    def floor() -> object:
        stamp.write_bytes(bare_render(html))
        style = StaticStampStyle.from_pdf_file(str(stamp), border_width=0)
        writer = IncrementalPdfFileWriter(BytesIO(content))
        return signers.PdfSigner(meta, signer, stamp_style=style).sign_pdf(writer)

    return floor


def stamp_context() -> dict[str, object]:
    width, height = printing.STAMP_MM
    return {
        "width_mm": width,
        "height_mm": height,
        "signer": "Nguyễn Văn A",
        "label": "Khối",
        "signed_at": letterhead.moment(timezone.now()),
    }
