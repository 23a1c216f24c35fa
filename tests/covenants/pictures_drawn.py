"""A drawn signature as a picture."""

from io import BytesIO

from PIL import Image, ImageDraw

from emulation_bloc.lib.uploads import check_picture


def drawn(kind: str = "PNG") -> bytes:
    """A stroke on white paper, as a phone would photograph it."""
    picture = Image.new("RGB", (400, 200), "white")
    ImageDraw.Draw(picture).line((40, 150, 120, 40, 200, 150, 340, 60), fill=(20, 40, 150), width=8)
    output = BytesIO()
    picture.save(output, kind)
    return output.getvalue()


def stroke() -> bytes:
    """The same as the portal keeps it."""
    return check_picture(drawn())
