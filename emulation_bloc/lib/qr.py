"""QR codes for papers and pages."""

import segno

# The white border of four modules required by ISO/IEC 18004.
QUIET_ZONE = 4


def svg(text: str) -> str:
    """The text as a QR code: inline SVG, black on white, without size.

    Error correction M (15 %) survives photocopying; the style sheet sets the size, at least 0.3 mm
    per module. The result is trusted markup: templates print it with ``safe``.
    """
    code = segno.make_qr(text, error="m", boost_error=False)
    return code.svg_inline(border=QUIET_ZONE, dark="#000", light="#fff", omitsize=True)
