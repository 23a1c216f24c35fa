"""QR codes for papers and pages."""

import segno

# The white border of four modules that readers ask for (ISO/IEC 18004).
QUIET_ZONE = 4


def svg(text: str) -> str:
    """Draw ``text`` as an inline SVG, black on white, without a size of its own.

    Error correction M (15 %) survives a photocopier; the style sheet gives the size, at least
    0.3 mm a module. The result is trusted markup: templates print it with ``safe``.
    """
    code = segno.make_qr(text, error="m", boost_error=False)
    return code.svg_inline(border=QUIET_ZONE, dark="#000", light="#fff", omitsize=True)
