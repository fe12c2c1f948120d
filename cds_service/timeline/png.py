"""A drawing as PNG, with a font of its own: a bare machine has none. Needs the extra "figures"."""

from cds_service.errors import CdsError

TWICE = 2.0


class NoRenderer(CdsError):  # noqa: N818  (named as a reader of the code would say it)
    """PNG was asked for where nothing can render it."""


def png_of(svg: str, zoom: float = TWICE) -> bytes:
    """The same picture in pixels, twice as many as its size says, so that it prints well. Raises NoRenderer."""
    try:
        # In a minimal installation, neither is there; and they are too large to load for an SVG.
        import fontpkg_open_sans
        import resvg_py
    except ImportError:
        raise NoRenderer("PNG needs the extra 'figures': pip install 'anakinra-cds[figures]', or write SVG.") from None
    return resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=zoom,
        skip_system_fonts=True,
        font_dirs=[str(fontpkg_open_sans.ROOT / "files")],
        sans_serif_family=fontpkg_open_sans.FAMILY,
    )
