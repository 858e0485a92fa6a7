"""The emoji of more than one character (Unicode's emoji-test, version 17): X counts each as one.

In the lists below Z is the joiner U+200D, V the presentation selector U+FE0F (which may
always be missing), T a skin tone, t a skin tone or none, U a tone other than that of T.
"""

import re
from collections.abc import Iterator
from functools import cache

_WITH_SELECTOR = (
    "\u00a9\u00ae‼⁉™\u2139↔↕↖↗↘↙↩↪⌨⏏⏭⏮⏯⏱⏲⏸⏹⏺Ⓜ▪▫▶◀◻◼☀☁☂☃☄☎☑☘☝☠☢☣☦☪☮☯☸☹☺♀♂♟♠♣♥♦♨♻♾"
    "⚒⚔⚕⚖⚗⚙⚛⚜⚠⚧⚰⚱⛈⛏⛑⛓⛩⛰⛱⛴⛷⛸⛹✂✈✉✌✍✏✒✔✖✝✡✳✴❄❇❣❤➡⤴⤵⬅⬆⬇〰〽㊗㊙🅰🅱🅾🅿🈂🈷🌡🌤🌥🌦"
    "🌧🌨🌩🌪🌫🌬🌶🍽🎖🎗🎙🎚🎛🎞🎟🏋🏌🏍🏎🏔🏕🏖🏗🏘🏙🏚🏛🏜🏝🏞🏟🏳🏵🏷🐿👁📽🕉🕊🕯🕰🕳🕴🕵🕶🕷🕸🕹🖇🖊🖋🖌🖍🖐🖥🖨🖱🖲🖼🗂"
    "🗃🗄🗑🗒🗓🗜🗝🗞🗡🗣🗨🗯🗳🗺🛋🛍🛎🛏🛠🛡🛢🛣🛤🛥🛩🛰🛳"
)
_WITH_TONE = (
    "☝⛹✊✋✌✍🎅🏂🏃🏄🏇🏊🏋🏌👂👃👆👇👈👉👊👋👌👍👎👏👐👦👧👨👩👫👬👭👮👯👰👱👲👳👴👵👶👷👸👼💁💂💃💅💆💇💏💑💪🕴🕵🕺🖐🖕"
    "🖖🙅🙆🙇🙋🙌🙍🙎🙏🚣🚴🚵🚶🛀🛌🤌🤏🤘🤙🤚🤛🤜🤝🤞🤟🤦🤰🤱🤲🤳🤴🤵🤶🤷🤸🤹🤼🤽🤾🥷🦵🦶🦸🦹🦻🧍🧎🧏🧑🧒🧓🧔🧕🧖🧗🧘🧙🧚🧛🧜"
    "🧝🫃🫄🫅🫰🫱🫲🫳🫴🫵🫶🫷🫸"
)
_KEYCAPS = "#*0123456789"
_NATIONS = """
AC AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CP CQ CR CU CV CW CX CY CZ DE DG DJ DK DM DO DZ
EA EC EE EG EH ER ES ET EU FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW
GY HK HM HN HR HT HU IC ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ
LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY
MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU
RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TA TC TD TF TG TH TJ TK TL TM TN
TO TR TT TV TW TZ UA UG UM UN US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
"""
_PARTS_OF_NATIONS = ("gbeng", "gbsct", "gbwls")
_JOINED = """
VZ♀V: ⛹ 🏋 🏌 🕵
VZ♂V: ⛹ 🏋 🏌 🕵
VZ⚧V: 🏳
VZ🌈: 🏳
VZ💥: ⛓
VZ🔥: ❤
VZ🗨V: 👁
VZ🩹: ❤
Z↔V: 🙂
Z↕V: 🙂
Z☠V: 🏴
Z♀V: ⛹T 🏃t 🏄t 🏊t 🏋T 🏌T 👮t 👯t 👰t 👱t 👳t 👷t 💁t 💂t 💆t 💇t 🕵T 🙅t 🙆t 🙇t 🙋t 🙍t
Z♀V: 🙎t 🚣t 🚴t 🚵t 🚶t 🤦t 🤵t 🤷t 🤸t 🤹t 🤼t 🤽t 🤾t 🦸t 🦹t 🧍t 🧎t 🧏t 🧔t 🧖t 🧗t 🧘t
Z♀V: 🧙t 🧚t 🧛t 🧜t 🧝t 🧞 🧟
Z♀VZ➡V: 🏃t 🚶t 🧎t
Z♂V: ⛹T 🏃t 🏄t 🏊t 🏋T 🏌T 👮t 👯t 👰t 👱t 👳t 👷t 💁t 💂t 💆t 💇t 🕵T 🙅t 🙆t 🙇t 🙋t 🙍t
Z♂V: 🙎t 🚣t 🚴t 🚵t 🚶t 🤦t 🤵t 🤷t 🤸t 🤹t 🤼t 🤽t 🤾t 🦸t 🦹t 🧍t 🧎t 🧏t 🧔t 🧖t 🧗t 🧘t
Z♂V: 🧙t 🧚t 🧛t 🧜t 🧝t 🧞 🧟
Z♂VZ➡V: 🏃t 🚶t 🧎t
Z⚕V: 👨t 👩t 🧑t
Z⚖V: 👨t 👩t 🧑t
Z✈V: 👨t 👩t 🧑t
Z❄V: 🐻
Z❤VZ👨: 👨 👩
Z❤VZ👨T: 👨T 👩T
Z❤VZ👨U: 👨T 👩T
Z❤VZ👩: 👩
Z❤VZ👩T: 👩T
Z❤VZ👩U: 👩T
Z❤VZ💋Z👨: 👨 👩
Z❤VZ💋Z👨T: 👨T 👩T
Z❤VZ💋Z👨U: 👨T 👩T
Z❤VZ💋Z👩: 👩
Z❤VZ💋Z👩T: 👩T
Z❤VZ💋Z👩U: 👩T
Z❤VZ💋Z🧑U: 🧑T
Z❤VZ🧑U: 🧑T
Z➡V: 🏃t 🚶t 🧎t
Z⬛: 🐈 🐦
Z🌫V: 😶
Z🌾: 👨t 👩t 🧑t
Z🍳: 👨t 👩t 🧑t
Z🍼: 👨t 👩t 🧑t
Z🎄: 🧑t
Z🎓: 👨t 👩t 🧑t
Z🎤: 👨t 👩t 🧑t
Z🎨: 👨t 👩t 🧑t
Z🏫: 👨t 👩t 🧑t
Z🏭: 👨t 👩t 🧑t
Z🐰Z👨U: 👨T
Z🐰Z👩U: 👩T
Z🐰Z🧑U: 🧑T
Z👦: 👨 👩
Z👦Z👦: 👨 👩
Z👧: 👨 👩
Z👧Z👦: 👨 👩
Z👧Z👧: 👨 👩
Z👨Z👦: 👨
Z👨Z👦Z👦: 👨
Z👨Z👧: 👨
Z👨Z👧Z👦: 👨
Z👨Z👧Z👧: 👨
Z👩Z👦: 👨 👩
Z👩Z👦Z👦: 👨 👩
Z👩Z👧: 👨 👩
Z👩Z👧Z👦: 👨 👩
Z👩Z👧Z👧: 👨 👩
Z💨: 😮
Z💫: 😵
Z💻: 👨t 👩t 🧑t
Z💼: 👨t 👩t 🧑t
Z🔥: 🐦
Z🔧: 👨t 👩t 🧑t
Z🔬: 👨t 👩t 🧑t
Z🚀: 👨t 👩t 🧑t
Z🚒: 👨t 👩t 🧑t
Z🟩: 🍋
Z🟫: 🍄
Z🤝Z👨U: 👨T 👩T
Z🤝Z👩U: 👩T
Z🤝Z🧑: 🧑
Z🤝Z🧑T: 🧑T
Z🤝Z🧑U: 🧑T
Z🦯: 👨t 👩t 🧑t
Z🦯Z➡V: 👨t 👩t 🧑t
Z🦰: 👨t 👩t 🧑t
Z🦱: 👨t 👩t 🧑t
Z🦲: 👨t 👩t 🧑t
Z🦳: 👨t 👩t 🧑t
Z🦺: 🐕
Z🦼: 👨t 👩t 🧑t
Z🦼Z➡V: 👨t 👩t 🧑t
Z🦽: 👨t 👩t 🧑t
Z🦽Z➡V: 👨t 👩t 🧑t
Z🧑Z🧒: 🧑
Z🧑Z🧒Z🧒: 🧑
Z🧒: 🧑
Z🧒Z🧒: 🧑
Z🩰: 🧑t
Z🫯Z👨U: 👨T
Z🫯Z👩U: 👩T
Z🫯Z🧑U: 🧑T
Z🫲U: 🫱T
"""
"""An ending, and what may stand before it."""

_TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_LONGEST = 10
_CANDIDATE = re.compile("[#*0-9]\ufe0f?\u20e3|[\u00a9\u00ae\u203c-\u3299\U0001f004-\U0001faff]")


def emoji_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where emoji stand that do not weigh what their characters weigh: those of more than one
    character, and \u00a9 and \u00ae. Of several that begin at one place, the longest.
    """
    end = 0
    for found in _CANDIDATE.finditer(text):
        start = found.start()
        if start >= end and (length := _longest(text, start)):
            end = start + length
            yield start, end


def _longest(text: str, start: int) -> int:
    known = _all()
    for length in range(min(_LONGEST, len(text) - start), 0, -1):
        if text[start : start + length] in known:
            return length
    return 0


@cache
def _all() -> frozenset[str]:
    return frozenset(
        {
            "\u00a9",
            "\u00ae",
            *(f"{symbol}\ufe0f" for symbol in _WITH_SELECTOR),
            *(symbol + tone for symbol in _WITH_TONE for tone in _TONES),
            *(key + selector + "\u20e3" for key in _KEYCAPS for selector in ("", "\ufe0f")),
            *("".join(map(_regional, nation)) for nation in _NATIONS.split()),
            *map(_tagged, _PARTS_OF_NATIONS),
            *_joined(),
        }
    )


def _regional(letter: str) -> str:
    return chr(0x1F1E6 + ord(letter) - ord("A"))


def _tagged(code: str) -> str:
    return "\U0001f3f4" + "".join(chr(0xE0000 + ord(letter)) for letter in code) + "\U000e007f"


def _joined() -> Iterator[str]:
    for line in _JOINED.split("\n"):
        ending, _, openings = line.partition(": ")
        for opening in openings.split():
            for toned in _toned(opening + ending):
                yield from _selected(toned.replace("Z", "\u200d"))


def _toned(shape: str) -> Iterator[str]:
    if "t" in shape:
        yield from _toned(shape.replace("t", ""))
        shape = shape.replace("t", "T")
    if "T" not in shape:
        yield shape
        return
    for tone in _TONES:
        one = shape.replace("T", tone)
        others = (one.replace("U", other) for other in _TONES if other != tone)
        yield from others if "U" in one else (one,)


def _selected(shape: str) -> Iterator[str]:
    """Every way of writing or leaving out the selectors."""
    before, selector, after = shape.partition("V")
    if not selector:
        yield shape
        return
    for rest in _selected(after):
        yield before + rest
        yield before + "\ufe0f" + rest
