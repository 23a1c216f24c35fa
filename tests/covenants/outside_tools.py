"""Checks with programs of others: poppler's pdftotext and pdfsig."""

import re
import subprocess
import tempfile
from io import BytesIO
from pathlib import Path

import pikepdf


def text_of_pdf(content: bytes) -> str:
    """The words of a PDF as poppler reads them, in one line, exactly as they are encoded."""
    output = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", "-", "-"], input=content, check=True, capture_output=True
    ).stdout
    return " ".join(output.decode().split())


def transparent_pictures(content: bytes) -> int:
    """How many pictures with a transparent ground the PDF holds."""
    with pikepdf.open(BytesIO(content)) as document:
        streams = [one for one in document.objects if isinstance(one, pikepdf.Stream)]
        return sum("/SMask" in stream for stream in streams)


def verdicts_of_poppler(content: bytes, authority_pem: bytes) -> list[str]:
    """What pdfsig says of each signature and its certificate, the authority being trusted."""
    with tempfile.TemporaryDirectory() as folder:
        trust, file = Path(folder, "nss"), Path(folder, "paper.pdf")
        trust.mkdir()
        file.write_bytes(content)
        Path(folder, "ca.pem").write_bytes(authority_pem)
        run("certutil", "-N", "-d", f"sql:{trust}", "--empty-password")
        run(
            *("certutil", "-A", "-d", f"sql:{trust}", "-n", "ca", "-t", "C,C,C"),
            *("-i", f"{folder}/ca.pem"),
        )
        report = run("pdfsig", "-nssdir", f"sql:{trust}", str(file))
    found = re.findall(r"- (Signature|Certificate) Validation: (.*)", report)
    said = [verdict for _kind, verdict in found]
    return [f"{a} {b}" for a, b in zip(said[::2], said[1::2], strict=True)]


GOOD = "Signature is Valid. Certificate is Trusted."


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
