"""Cards as pictures: the same bytes everywhere, of one size, with everything on them."""

import io
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image as Pillow

from bot.cards import Cards
from bot.core.cards import Card
from bot.core.model import Colours
from bot.errors import CardError, ConfigError

ROOT = Path(__file__).parents[1]
TEMPLATES = ROOT / "templates"
CARDS = Cards.load(TEMPLATES)
BACKGROUND, ACCENT = (0x0B, 0x2F, 0x3A), (0x7F, 0xE0, 0xD0)
TALK = Card(
    title="CANDAL seminar series 2021",
    when="Wed 9 June, 11:00–12:00 BST",
    place="Online",
    hosts="With CANDAL",
    series="Midlands Health & Life Science Symposium",
    hashtag="#MidlandsHealth",
)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'
    '<path fill="#f00" d="M0 0h9v9z"/></svg>'
)


def pixels(card: Card, cards: Cards = CARDS) -> Pillow.Image:
    return Pillow.open(io.BytesIO(cards.draw(card).data)).convert("RGB")


def ink(picture: Pillow.Image, box: tuple[int, int, int, int]) -> set[tuple[int, ...]]:
    """The colours in a part of the picture: one alone is an empty part."""
    part = picture.crop(box)
    return {colour for _, colour in part.getcolors(part.width * part.height) or ()}  # type: ignore[misc]


def has(colour: tuple[int, ...], picture: Pillow.Image, box: tuple[int, int, int, int]) -> bool:
    """Whether a colour is there; an anti-aliased letter may miss it by little."""
    return any(
        all(abs(a - b) <= 3 for a, b in zip(colour, one, strict=True)) for one in ink(picture, box)
    )


def template(folder: Path, text: str) -> Cards:
    (folder / "cards").mkdir(exist_ok=True)
    (folder / "cards/event.typ").write_text(text, encoding="utf-8")
    return Cards.load(folder)


def test_a_card_is_a_png_of_the_size_and_weight_every_platform_takes():
    image = CARDS.draw(TALK)
    picture = Pillow.open(io.BytesIO(image.data))
    assert (picture.format, picture.size) == ("PNG", (1200, 675))
    assert (image.width, image.height, image.media_type) == (1200, 675, "image/png")
    assert len(image.data) < 1_000_000
    assert image.alt == TALK.alt


def test_a_card_is_the_same_bytes_in_every_process_and_whatever_fonts_there_are(tmp_path: Path):
    program = (
        "from tests.test_cards import *; import sys; sys.stdout.write(CARDS.draw(TALK).digest)"
    )
    elsewhere = os.environ | {"HOME": str(tmp_path), "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7"}
    drawn = {
        subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, env=env, capture_output=True, text=True,
            check=True,
        ).stdout
        for env in (dict(os.environ), elsewhere)
    }  # fmt: skip
    assert drawn == {CARDS.draw(TALK).digest}


def test_title_date_and_hashtag_are_there():
    picture = pixels(TALK)
    assert len(ink(picture, (72, 130, 1128, 320))) > 1  # title
    assert has(ACCENT, picture, (72, 330, 1128, 500))  # date
    assert has(ACCENT, picture, (72, 600, 600, 660))  # hashtag


def test_nothing_is_drawn_outside_of_the_margins():
    picture = pixels(replace(TALK, title="W" * 220, hosts="x" * 90, place="y" * 90))
    background = {(0x0B, 0x2F, 0x3A)}
    assert ink(picture, (0, 20, 64, 675)) == background
    assert ink(picture, (1136, 20, 1200, 675)) == background
    assert ink(picture, (0, 655, 1200, 675)) == background


def test_a_card_has_the_colours_of_the_series():
    colours = Colours(background="#ffffff", text="#000000", accent="#b00020")
    picture = pixels(replace(TALK, colours=colours))
    assert picture.getpixel((5, 400)) == (255, 255, 255)
    assert picture.getpixel((5, 5)) == (0xB0, 0, 0x20)


def test_what_happened_is_a_band_that_nobody_overlooks():
    picture = pixels(replace(TALK, banner="Cancelled", off=True))
    assert picture.getpixel((1190, 60)) == (0x7F, 0xE0, 0xD0)
    assert has(BACKGROUND, picture, (72, 20, 600, 90))


@pytest.mark.parametrize(
    "title",
    [
        '#eval("1+1")',
        "#panic(1)",
        '] "\\" #image("/etc/passwd")',
        "{{ 7*7 }} $x^2$ *b* _i_ `r` // c /* d */ @ref <label> = h",
        "\\u{41} ~ --- ... 'q' \"q\"",
        "a" * 400,
        "مستقبل الصحة الرقمية: AI (2021)",
        "שלום עולם",
        "Ελληνικά и русский, Việt Nam, ŁÓDŹ",
        "a\u0301\u0302\u0303\u0304" * 30,
    ],
)
def test_a_title_is_text_whatever_it_looks_like(title: str):
    picture = pixels(replace(TALK, title=title))
    assert picture.size == (1200, 675)
    assert len(ink(picture, (72, 130, 1128, 480))) > 1


def test_what_looks_like_code_is_drawn_letter_by_letter():
    assert CARDS.draw(replace(TALK, title="#(1+1)")) != CARDS.draw(replace(TALK, title="2"))
    assert CARDS.draw(replace(TALK, title="*b*")) != CARDS.draw(replace(TALK, title="b"))


def test_letters_that_no_font_has_are_told_instead_of_drawn_as_boxes():
    with pytest.raises(CardError) as caught:
        CARDS.draw(replace(TALK, title="東京 seminar"))
    assert "no font has 東京" in str(caught.value)
    assert "cards/fonts" in str(caught.value)


def test_a_logo_is_drawn_at_the_right_of_the_series(tmp_path: Path):
    logo = tmp_path / "logo.svg"
    logo.write_text(SVG)
    cards = Cards.load(TEMPLATES, logo)
    assert has((255, 0, 0), pixels(TALK, cards), (880, 30, 1130, 140))
    assert cards.digest != CARDS.digest


@pytest.mark.parametrize("name", ["logo.png", "logo.jpg"])
def test_a_logo_may_be_a_photograph(tmp_path: Path, name: str):
    Pillow.new("RGB", (300, 100), (255, 0, 0)).save(tmp_path / name)
    picture = pixels(TALK, Cards.load(TEMPLATES, tmp_path / name))
    assert has((255, 0, 0), picture, (880, 30, 1130, 140))


@pytest.mark.parametrize(
    ("data", "told"),
    [(None, "cannot be read"), (b"GIF89a", "is no picture: expected a PNG, SVG or JPEG file")],
)
def test_a_logo_that_is_none_is_told_when_it_is_loaded(tmp_path: Path, data, told: str):
    if data is not None:
        (tmp_path / "logo.png").write_bytes(data)
    with pytest.raises(ConfigError, match=told):
        Cards.load(TEMPLATES, tmp_path / "logo.png")


def test_a_logo_that_is_broken_is_told_when_it_is_drawn(tmp_path: Path):
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    with pytest.raises(CardError, match=r"event.typ:\d+: failed to decode image"):
        Cards.load(TEMPLATES, tmp_path / "logo.png").draw(TALK)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("// words\n#nothing", r"cards/event.typ:2: unknown variable: nothing"),
        ("#set page(width: 10pt, height: 10pt)", "a page of 10 by 10: expected 1200pt by 675pt"),
        ("#set page(width: 1200pt, height: 675pt)\na #pagebreak() b", "more than one page"),
        ('#image("/etc/hostname")', "event.typ:1: "),
        ('#read("../../schedules.yaml")', "event.typ:1: "),
    ],
)
def test_a_template_that_cannot_be_drawn_is_told_with_its_line(tmp_path: Path, text, told):
    with pytest.raises(CardError, match=told):
        template(tmp_path, text).draw(TALK)


def test_a_template_that_asks_the_network_is_refused(tmp_path: Path):
    with pytest.raises(CardError, match="packages come from the network"):
        template(tmp_path, '#import "@preview/cetz:0.3.0"')


def test_another_template_is_another_look(tmp_path: Path):
    page = "#set page(width: 1200pt, height: 675pt)\n"
    one, other = template(tmp_path, page + "a"), template(tmp_path, page + "b")
    assert one.digest != other.digest


def test_what_was_drawn_once_costs_nothing_again():
    cards = Cards.load(TEMPLATES)
    assert not cards.has(TALK)
    first = cards.draw(TALK)
    assert cards.has(TALK)
    assert cards.draw(TALK) is first


def test_without_a_template_there_are_no_cards(tmp_path: Path):
    cards = Cards.load(tmp_path)
    assert not cards
    with pytest.raises(CardError, match="there is no "):
        cards.draw(TALK)


def test_a_bot_without_cards_does_not_load_what_draws_them():
    program = (
        "import sys; from pathlib import Path; import bot.worker, bot.cli.run;"
        "from bot.services.edition import Editions;"
        "Editions(Path('schedules.yaml'), Path('templates')).refresh();"
        "sys.exit('typst' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
