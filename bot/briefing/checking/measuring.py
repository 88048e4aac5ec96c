"""Reading measures: :func:`measures` finds every figure, date, time, number and article of a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from bot.briefing.checking.measures import Bound, Measure, MeasureKind
from index.numerals import numeral_value

_HAN = "零〇一二两三四五六七八九十百千万亿"
_NUMBER = rf"(?:\d+(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)[万亿千百]{{0,2}}|[{_HAN}]+(?:点[{_HAN}]+)?"
_WIDE = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)} | {
    ord("．"): ".",
    ord("％"): "%",
    ord("："): ":",
    ord("－"): "-",
    ord("—"): "-",
    ord("–"): "-",
    ord("～"): "-",
    ord("~"): "-",
}
_UNITS: dict[str, tuple[str, Decimal]] = {
    spelling: (unit, Decimal(factor))
    for unit, spellings in {
        "元": {"元钱": "1", "元": "1", "块钱": "1", "毛钱": "0.1", "毛": "0.1", "角": "0.1"},
        "块": {"块": "1"},
        "分": {"分钟": "1", "小时": "60", "钟头": "60", "刻钟": "15"},
        "工作日": {"工作日": "1"},
        "天": {"自然日": "1", "天": "1", "日": "1", "周": "7", "星期": "7", "礼拜": "7"},
        "月": {"月": "1", "年": "12", "学年": "12"},
        "学期": {"学期": "1"},
        "岁": {"周岁": "1", "岁": "1"},
        "课时": {"课时": "1", "节课": "1", "堂课": "1"},
        "倍": {"倍": "1"},
        "平方米": {"平方米": "1", "平米": "1", "㎡": "1"},
        "米": {"公里": "1000", "千米": "1000", "米": "1"},
        "基点": {"基点": "1"},
        "人": {"人": "1", "名": "1", "位": "1"},
        "个": dict.fromkeys([*"所家个类项条种档处次门份户批届套样步", "方面", "部门"], "1"),
    }.items()
    for spelling, factor in spellings.items()
}
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_COUNTED = rf"(?:多|余|来|几)?个?(?:多)?({_UNIT})(?!级)"
_HALVES = rf"(?P<halves>{_NUMBER})个?半(?P<unit>小时|钟头|月|年|学期)|(?P<h2>{_NUMBER})(?P<u2>年|小时|学年)半"
_HALF = r"半个?(?P<unit>小时|钟头|月|年|学期|天)(?!之)"
_QUANTITY = rf"(?P<low>{_NUMBER})(?:[-至到])(?P<high>{_NUMBER}){_COUNTED}|(?P<one>{_NUMBER}){_COUNTED}"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月"
_DAY = r"(?:[12]\d|3[01]|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号]"
_YEAR = r"(?:(?:19|20)\d\d|[一二][〇零九][〇零一二三四五六七八九]{2})"
_SEASONS = {"春": "02", "秋": "09", "夏": "08", "底": "12", "末": "12", "初": "01"}
_DATE = (
    rf"(?P<iso>(?:19|20)\d\d-\d\d-\d\d)"
    rf"|(?P<year>{_YEAR})(?:年度?|(?=-{_YEAR}年))(?P<month>份?{_MONTH})?(?P<day>{_DAY})?(?P<season>[春秋夏底末初])?(?:季学期|季|学期|天)?"
    rf"|(?P<m2>{_MONTH})份?(?P<d2>{_DAY})?"
)
_CLOCK = (
    r"(?P<part>凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|晚)?"
    rf"(?:(?P<hour>\d{{1,2}}):(?P<minute>[0-5]\d)|(?P<h2>\d{{1,2}}|[一二两三四五六七八九十]{{1,3}})[点时](?:(?P<half>半)|(?P<m2>[0-5]?\d|[{_HAN}]{{1,3}})分?|钟|整)?)"
)
_AFTERNOON = {"下午", "傍晚", "晚上", "夜里", "晚"}
_SHARE = (
    rf"百分之(?P<han>{_NUMBER})|(?P<number>{_NUMBER})(?:%|个?百分点)"
    r"|(?P<tenths>[一二两三四五六七八九\d])成(?![年立为绩本果功长人员])|(?P<half>一半|减半|半数)"
)
_DISCOUNT = r"(?P<number>\d(?:\.\d)?|[一二三四五六七八九])折"
_DOCUMENT = (
    r"(?P<agency>[\u4e00-\u9fff]{1,12})[〔\[［(（]\s*(?P<year>\d{4})\s*[〕\]］)）]\s*第?(?P<number>\d+)\s*号"
)
_ORDER = rf"(?P<agency>教育部|国务院)?令?第(?P<number>{_NUMBER})号令?"
_ARTICLE = rf"第(?P<number>{_NUMBER})条"
_ORDINAL = (
    rf"第(?:{_NUMBER})|(?:{_NUMBER})[至到、]?(?:{_NUMBER})?年级"
    r"|(?<![最提升较])[高初大研小][一二三四五六](?![万千百十个元名所项倍点])"
)
_PHONE = r"(?<!\d)(?:0\d{2,3}-?\d{7,8}|1[3-9]\d{9}|123\d\d|110|119|120|122|\d{7,})(?!\d|[元人所家%])"
_PASSED_OVER = (
    r"《[^》]*》|十[二三四五]五|一对[一多]"
    "|(?<![十百千万])(?:一两|两三|三四|三五|四五|五六|六七|七八|八九)(?=[个次天年名条位句所])"
)
_AT_MOST_BEFORE = re.compile(
    r"(?:[不别](?:得|要|能|应)?(?:再)?(?:超过|超|高于|晚于|多于|大于)|至多|最多|最高|最长|最晚|上限|顶多|封顶)[^\d，。；、]{0,6}$"
)
_AT_LEAST_BEFORE = re.compile(
    r"(?:不(?:得|要|能|应)?(?:少于|低于|早于|小于)|至少|最低|最少|年满|已满|超过|高于|多于|晚于)[^\d，。；、]{0,4}$"
)
_AT_MOST_AFTER = re.compile(r"^(?:的)?(?:以内|之内|内(?![容设部地])|以下|之前|前)")
_AT_LEAST_AFTER = re.compile(r"^(?:的)?(?:以上|以后|之后|起)")
_RATE = re.compile(
    r"(?:每[生人]?每?|[/一])(?:人次)?个?(学年|年|月|学期|天|日|周|次|课时|节课|小时)(?:课)?[^，。；\d]{0,8}$"
)
_RATES = {"学年": "年", "日": "天", "节课": "课时"}
_RATE_AFTER = re.compile(r"^(?:/|每|一)(?:人次)?(学年|年|个?月|学期|天|日|周|次|课时)")
_INDEFINITE = frozenset({"个", "人", "天", "学期", "块", "月", "课时"})
"""Units before which 一 without a bound counts nothing: 一年, 一份, 一课时."""
_POINTING = re.compile("[这那近头]$")
"""Before a numeral: 这两年, 这四个 count what is already named."""
_SMALL = Decimal(10)


def measures(text: str) -> tuple[Measure, ...]:
    """All measures of a text in reading order, without overlaps."""
    plain = text.translate(_WIDE)
    found: list[Measure] = []
    for pattern, read in _READERS:
        taken: list[tuple[int, int]] = []
        for match in pattern.finditer(plain):
            if read is None or (made := tuple(read(match))):
                taken.append(match.span())
                found += made if read is not None else ()
        for start, end in taken:
            plain = plain[:start] + "\0" * (end - start) + plain[end:]
    return tuple(sorted(found, key=lambda measure: measure.start))


def number(spelled: str) -> Decimal | None:
    """The value of a number in digits, in Chinese numerals, or in both (2.5万)."""
    whole, _, fraction = spelled.partition("点")
    value = numeral_value(whole.replace(",", "")) if not _plain(whole) else Decimal(whole.replace(",", ""))
    if value is None or not fraction:
        return value
    digits = numeral_value(fraction)
    return None if digits is None else value + digits / Decimal(10) ** len(fraction)


def _plain(spelled: str) -> bool:
    return re.fullmatch(r"[\d,]+(?:\.\d+)?", spelled) is not None


def _text(value: Decimal) -> str:
    return format(value.normalize(), "f") if value else "0"


def _quantities(match: re.Match[str]) -> Iterator[Measure]:
    unit, factor = _UNITS[match[3] or match[5]]
    for group in ("low", "high", "one"):
        spelled = match[group]
        if not spelled or (value := number(spelled)) is None:
            continue
        end = match.end() if group != "low" else match.end("low")
        bound = _bound(match.string, match.start(group), end)
        small = unit in _INDEFINITE and bound is Bound.NONE and not spelled[0].isdigit()
        if group == "one" and not spelled[0].isdigit() and _POINTING.search(match.string, 0, match.start()):
            continue
        if small and value == 1 and group == "one":
            continue
        yield Measure(
            MeasureKind.QUANTITY,
            unit,
            _text(value * factor),
            match.start(group),
            end,
            bound,
            _rate(match.string, match.start(group), end) if unit in {"元", "块"} else "",
            small and unit in {"个", "人"} and value < _SMALL,
            match[3] or match[5],
        )


def _bound(text: str, start: int, end: int) -> Bound:
    before, after = text[max(0, start - 14) : start], text[end : end + 4]
    if _AT_MOST_BEFORE.search(before) or _AT_MOST_AFTER.match(after):
        return Bound.AT_MOST
    if _AT_LEAST_BEFORE.search(before) or _AT_LEAST_AFTER.match(after):
        return Bound.AT_LEAST
    return Bound.NONE


def _rate(text: str, start: int, end: int) -> str:
    found = _RATE.search(text[max(0, start - 14) : start]) or _RATE_AFTER.match(text[end : end + 6])
    if found is None:
        return ""
    period = found[1].removeprefix("个")
    return _RATES.get(period, period)


def _halves(match: re.Match[str]) -> Iterator[Measure]:
    value = number(match["halves"] or match["h2"])
    unit, factor = _UNITS[match["unit"] or match["u2"]]
    if value is not None:
        bound = _bound(match.string, match.start(), match.end())
        whole = _text((value + Decimal("0.5")) * factor)
        yield Measure(MeasureKind.QUANTITY, unit, whole, match.start(), match.end(), bound)


def _half(match: re.Match[str]) -> Iterator[Measure]:
    unit, factor = _UNITS[match["unit"]]
    start, end = match.span()
    half = _text(factor / 2)
    yield Measure(MeasureKind.QUANTITY, unit, half, start, end, _bound(match.string, start, end))


def _shares(match: re.Match[str]) -> Iterator[Measure]:
    if match["half"]:
        value: Decimal | None = Decimal(50)
    elif match["tenths"]:
        tenths = number(match["tenths"])
        value = tenths * 10 if tenths is not None else None
    else:
        value = number(match["han"] or match["number"])
    if value is not None:
        bound = _bound(match.string, match.start(), match.end())
        yield Measure(MeasureKind.SHARE, "%", _text(value), match.start(), match.end(), bound)


def _discounts(match: re.Match[str]) -> Iterator[Measure]:
    value = number(match["number"])
    if value is not None:
        yield Measure(MeasureKind.SHARE, "折", _text(value), match.start(), match.end())


def _dates(match: re.Match[str]) -> Iterator[Measure]:
    start, end = match.span()
    if match["iso"]:
        value = match["iso"]
    elif match["year"]:
        value = match["year"]
        if not value.isdigit():
            value = _text(numeral_value(value) or Decimal(0))
        month = _ordinal(match["month"]) or _SEASONS.get(match["season"] or "", "")
        value += f"-{month}" if month else ""
        value += f"-{_ordinal(match['day'])}" if match["day"] and month else ""
    else:
        value = f"--{_ordinal(match['m2'])}" + (f"-{_ordinal(match['d2'])}" if match["d2"] else "")
    yield Measure(MeasureKind.DATE, "日期", value, start, end)


def _ordinal(spelled: str | None) -> str:
    value = number(spelled.strip("份月日号")) if spelled else None
    return f"{int(value):02d}" if value is not None else ""


def _clocks(match: re.Match[str]) -> Iterator[Measure]:
    spelled = match["hour"] or match["h2"]
    hour = number(spelled)
    if hour is None or hour > 24:
        return
    exact = match["minute"] or match["half"] or match["m2"]
    if not (
        match["part"]
        or exact
        or match["hour"]
        or (spelled.isdigit() and match.string[match.end("h2")] == "点")
    ):
        return
    minutes = Decimal(30) if match["half"] else number(match["minute"] or match["m2"] or "0") or Decimal(0)
    if (match["part"] or "") in _AFTERNOON and hour < 12:
        hour += 12
    bound = _bound(match.string, match.start(), match.end())
    yield Measure(MeasureKind.CLOCK, "点", _text(hour * 60 + minutes), match.start(), match.end(), bound)


def _documents(match: re.Match[str]) -> Iterator[Measure]:
    value = f"{match['year']}/{int(match['number'])}"
    yield Measure(MeasureKind.DOCUMENT, match["agency"], value, match.start(), match.end())


def _orders(match: re.Match[str]) -> Iterator[Measure]:
    value = number(match["number"])
    if value is not None and "令" in match[0]:
        yield Measure(MeasureKind.DOCUMENT, "令", f"/{_text(value)}", match.start(), match.end())


def _articles(match: re.Match[str]) -> Iterator[Measure]:
    value = number(match["number"])
    if value is not None:
        yield Measure(MeasureKind.ARTICLE, "条", _text(value), match.start(), match.end())


def _phones(match: re.Match[str]) -> Iterator[Measure]:
    yield Measure(MeasureKind.PHONE, "号码", match[0].replace("-", ""), match.start(), match.end())


def _bare(match: re.Match[str]) -> Iterator[Measure]:
    value = number(match[0])
    if value is not None and value >= 10:
        yield Measure(MeasureKind.BARE, "", _text(value), match.start(), match.end())


_Reader = Callable[[re.Match[str]], Iterator[Measure]]
_READERS: tuple[tuple[re.Pattern[str], _Reader | None], ...] = (
    (re.compile(_PASSED_OVER), None),
    (re.compile(_DOCUMENT), _documents),
    (re.compile(_ORDER), _orders),
    (re.compile(_ARTICLE), _articles),
    (re.compile(_ORDINAL), None),
    (re.compile(_PHONE), _phones),
    (re.compile(_SHARE), _shares),
    (re.compile(_DATE), _dates),
    (re.compile(_CLOCK), _clocks),
    (re.compile(_HALVES), _halves),
    (re.compile(_QUANTITY), _quantities),
    (re.compile(_HALF), _half),
    (re.compile(_DISCOUNT), _discounts),
    (re.compile(rf"\d+(?:,\d{{3}})*(?:\.\d+)?万?|[{_HAN}]*[一二两三四五六七八九十][万千][{_HAN}]*"), _bare),
)
"""In this order: what was read is hidden from the readers after it; without a reader it is passed over."""
