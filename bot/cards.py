"""Draws cards: a small picture for a post, from the organiser's typst template.

The template, its fonts and the logo are all it sees: no network, no packages, no fonts of the
machine, so that the same card is the same bytes wherever it is drawn. Event texts reach it as
`sys.inputs`, which are text and never code.
"""

import hashlib
import json
import re
import shutil
import tempfile
import weakref
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from bot.core.cards import Card
from bot.core.model import Image
from bot.errors import CardError, ConfigError

if TYPE_CHECKING:
    import typst

WIDTH, HEIGHT = 1200, 675
MOST_BYTES = 1_000_000
"""Bluesky takes no larger picture."""

KEPT = 256
"""Pictures at hand; one has about 60 kB."""

FOLDERS = ("cards", "cards/fonts")
"""Where its files are, below the folder of templates."""

_MAIN = "event.typ"
_PACKAGE = re.compile(rb"""["']@\w+/""")
_USUAL = re.compile("[\x20-\u024f\u1e00-\u1eff\u2010-\u2027\u20ac]*")
_UNSHOWN = re.compile(r'the text `"(.+?)"` could not be displayed')
_LINE = re.compile(r"┌─ (\S+?):(\d+):")
_SIGNATURES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}


class Cards:
    """The folder of card templates as it was when it was loaded; pictures are drawn once."""

    def __init__(self, files: Mapping[str, bytes], fonts: Path, digest: str, logo: str) -> None:
        self.digest = digest  #: of all that decides how a card looks
        self._files = dict(files)
        self._folder = fonts
        self._logo = logo
        self._fonts: typst.Fonts | None = None
        self._root: Path | None = None
        self._drawn: OrderedDict[str, Image | CardError] = OrderedDict()
        self._lock = Lock()

    @classmethod
    def load(cls, folder: Path, logo: Path | None = None) -> "Cards":
        """Read `cards/` below the folder of templates. ConfigError for a logo that is none,
        CardError for a template that asks the network.
        """
        below = folder / "cards"
        found = {path: _read(path) for path in watched(folder, logo)}
        digest = hashlib.sha256()
        for path, data in found.items():
            digest.update(f"{path.name}\0{len(data)}\0".encode() + data)
            if path.suffix == ".typ" and _PACKAGE.search(data):
                raise CardError(
                    f"{path} imports a package, and packages come from the network: copy what it"
                    f" needs into {below}"
                )
        files = {path.name: data for path, data in found.items() if path.parent == below}
        name = f"logo-of-series.{_kind(logo, found[logo])}" if logo else ""
        if logo:
            files[name] = found[logo]
        return cls(files, below / "fonts", digest.hexdigest(), name)

    def __bool__(self) -> bool:
        """Whether there is a template at all."""
        return _MAIN in self._files

    def has(self, card: Card) -> bool:
        """Whether drawing it costs nothing any more."""
        return _key(card) in self._drawn

    def draw(self, card: Card) -> Image:
        """The picture, drawn or remembered. Raises CardError; 30 ms the first time."""
        if not self:
            raise CardError(f"there is no {self._folder.parent / _MAIN} to draw a card with")
        key = _key(card)
        with self._lock:
            found = self._drawn.get(key)
            if found is None:
                found = self._made(card)
                self._drawn[key] = found
                if len(self._drawn) > KEPT:
                    self._drawn.popitem(last=False)
            self._drawn.move_to_end(key)
        if isinstance(found, CardError):
            raise found
        return found

    def _made(self, card: Card) -> Image | CardError:
        try:
            if not all(map(_USUAL.fullmatch, card.drawn.values())):
                self._compiled(card, "pdf")  # an archive refuses letters that no font has
            data = self._compiled(card, "png")
        except CardError as error:
            return error
        return Image(data=data, media_type="image/png", width=WIDTH, height=HEIGHT, alt=card.alt)

    def _compiled(self, card: Card, kind: str) -> bytes:
        import typst  # noqa: PLC0415 - 20 ms and 50 MB that a bot without cards does not spend

        if self._fonts is None:
            paths = [str(self._folder)] if self._folder.is_dir() else []
            self._fonts = typst.Fonts(include_system_fonts=False, font_paths=paths)
        if self._root is None:
            self._root = _laid_out(self._files)
            weakref.finalize(self, shutil.rmtree, self._root, ignore_errors=True)
        compiler = typst.Compiler(
            str(self._root / _MAIN),
            root=str(self._root),
            font_paths=self._fonts,
            ignore_system_fonts=True,
            sys_inputs={**card.drawn, "logo": self._logo},
            package_path=str(self._folder / "none"),
            package_cache_path=str(self._folder / "none"),
        )
        try:
            if kind == "pdf":
                compiler.compile(format="pdf", pdf_standards="a-2u", timestamp=0)
                return b""
            data = compiler.compile(format="png", ppi=72)
        except RuntimeError as error:
            raise self._explained(error) from None
        return _checked(data)

    def _explained(self, error: RuntimeError) -> CardError:
        """What typst says, with the line it says it of; its other errors have no diagnostic."""
        said = str(getattr(error, "diagnostic", ""))
        letters = "".join(dict.fromkeys("".join(_UNSHOWN.findall(said))))
        if letters:
            return CardError(
                f"no font has {letters[:20]}: put one that does into {self._folder}, and its name"
                f" into the list of fonts in {_MAIN}"
            )
        place = _LINE.search(said)
        where = f"{Path(place[1]).name}:{place[2]}" if place else _MAIN
        message = getattr(error, "message", "") or str(error)
        return CardError(f"{self._folder.parent / where}: {message}")


def watched(folder: Path, logo: Path | None = None) -> list[Path]:
    """The files that decide how a card looks."""
    found = [sorted((folder / below).glob("[!.]*")) for below in FOLDERS]
    return [path for part in found for path in part if path.is_file()] + ([logo] if logo else [])


def _laid_out(files: Mapping[str, bytes]) -> Path:
    """A folder of their own: a picture is drawn from what was loaded, and reaches nothing else."""
    root = Path(tempfile.mkdtemp(prefix="bot-cards-"))
    for name, data in files.items():
        (root / name).write_bytes(data)
    return root


def _key(card: Card) -> str:
    return json.dumps([card.drawn, card.alt])


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"the file {path} cannot be read ({error.strerror}): cards are drawn with it"
        ) from None


def _kind(logo: Path, data: bytes) -> str:
    for signature, kind in _SIGNATURES.items():
        if data.startswith(signature):
            return kind
    if b"<svg" in data[:4096]:
        return "svg"
    raise ConfigError(f"the logo {logo} is no picture: expected a PNG, SVG or JPEG file")


def _checked(data: object) -> bytes:
    """A picture that every platform takes."""
    if not isinstance(data, bytes):
        raise CardError(f"{_MAIN} makes more than one page: what it shows has to fit into one")
    size = (int.from_bytes(data[16:20]), int.from_bytes(data[20:24]))
    if size != (WIDTH, HEIGHT):
        raise CardError(
            f"{_MAIN} makes a page of {size[0]} by {size[1]}: expected"
            f" {WIDTH}pt by {HEIGHT}pt (#set page(width: {WIDTH}pt, height: {HEIGHT}pt))"
        )
    if len(data) >= MOST_BYTES:
        raise CardError(f"the picture has {len(data):,} bytes: expected less than {MOST_BYTES:,}")
    return data
