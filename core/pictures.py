"""Pictures are decoded and written anew: nothing of the file that came survives but its pixels."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import Invalid
from core.i18n import _

MOST_PIXELS = 25_000_000
LONGEST_SIDE = 2_000  # pixels
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


def reencode(data: bytes, longest: int = LONGEST_SIDE) -> tuple[bytes, str]:
    """The picture without metadata, at most so many pixels a side, and its media type: image/jpeg or image/png.

    Only the first frame of a moving picture is kept. Raise Invalid for what is no picture or has too many pixels.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as found:
                if found.width * found.height > MOST_PIXELS:
                    raise _too_many_pixels()
                found.draft("RGB", (longest, longest))
                picture = ImageOps.exif_transpose(found)
                transparent = picture.has_transparency_data
                picture = picture.convert("RGBA" if transparent else "RGB")
    except Image.DecompressionBombError as err:
        raise _too_many_pixels() from err
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as err:
        raise Invalid(_("This is not a picture that can be used. Upload a PNG, JPEG, WebP or GIF file.")) from err
    picture.thumbnail((longest, longest))
    picture.info.clear()
    out = io.BytesIO()
    if transparent:
        picture.save(out, "PNG", optimize=False)
        return out.getvalue(), "image/png"
    picture.save(out, "JPEG", quality=88)
    return out.getvalue(), "image/jpeg"


def _too_many_pixels() -> Invalid:
    return Invalid(
        _("The picture has more than %(millions)d million pixels. Make it smaller.", millions=MOST_PIXELS // 10**6)
    )
