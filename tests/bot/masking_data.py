"""Generated messages of citizens with known places of personal data, for measuring :mod:`bot.masking`.

Nothing here comes from the word lists of the masking or from real messages. Names and numbers are drawn from
a seeded generator. The wordings come in two halves, ``DEVELOPMENT`` and ``HELD_OUT``, that share no sentence
and no place: the masking was written with the first and is judged on the second.

What counts as personal data:

* of an address the exact part (house number, building, unit, room, villagers' group), the name of the road,
  estate or village not; whoever lives there, an office as well;
* names after 我叫, labels (家长, 联系人, 反映人 …) and in signatures; a name half hidden by its writer
  (李某, 王*) and a surname with a title (王老师) are not, nor are the people whom a message speaks about;
* every number by which a person can be called, an office's landline as well, but no short or 400 number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from random import Random

from bot.masking import Kind, find
from tests.bot.masking_wordings import DEVELOPMENT, HELD_OUT, Wordings

__all__ = ["DEVELOPMENT", "HELD_OUT", "Counts", "Generated", "Wordings", "measure", "messages"]


@dataclass(frozen=True, slots=True)
class Generated:
    """A message and its personal data as (start, end, kind)."""

    text: str
    spans: tuple[tuple[int, int, Kind], ...]


def messages(number: int, seed: int, wordings: Wordings) -> Iterator[Generated]:
    """Messages of all shapes, the same for the same arguments."""
    random = Random(seed)
    for _ in range(number):
        yield _filled(_template(random, wordings), random, wordings)


@dataclass(slots=True)
class Counts:
    """Places of one kind: those ``present``, those ``found`` whole by their kind, those ``masked`` at all."""

    present: int = 0
    found: int = 0
    covered: int = 0
    """Found whole by whatever kinds."""
    masked: int = 0
    right: int = 0
    """Masked ones that touch personal data of any kind."""

    @property
    def recall(self) -> float:
        return self.found / self.present if self.present else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.masked if self.masked else 1.0


def measure(generated: Iterable[Generated]) -> dict[Kind, Counts]:
    """What :func:`bot.masking.find` gets of these messages, by kind."""
    counts = {kind: Counts() for kind in Kind}
    for message in generated:
        found = find(message.text)
        kinds = {at: span.kind for span in found for at in range(span.start, span.end)}
        true = {at for start, end, _ in message.spans for at in range(start, end)}
        for start, end, kind in message.spans:
            counts[kind].present += 1
            counts[kind].found += all(kinds.get(at) == kind for at in range(start, end))
            counts[kind].covered += all(at in kinds for at in range(start, end))
        for span in found:
            counts[span.kind].masked += 1
            counts[span.kind].right += not true.isdisjoint(range(span.start, span.end))
    return counts


def _template(random: Random, wordings: Wordings) -> str:
    """Opening, one to four sentences about the matter, personal data in between, perhaps a signature."""
    middle = random.choices(wordings.sentences, k=random.randint(1, 4))
    if random.random() < 0.8:
        middle.insert(random.randint(0, len(middle)), random.choice(wordings.personal))
    if random.random() < 0.25:
        middle.insert(random.randint(0, len(middle)), random.choice(wordings.personal))
    parts = [random.choice(wordings.openings), *middle]
    if random.random() < 0.45:
        parts.append(random.choice(wordings.endings))
    return "".join(parts)


_SLOT = re.compile(r"\{(\w+)\}")


def _filled(template: str, random: Random, wordings: Wordings) -> Generated:
    text, spans = "", []
    position = 0
    for slot in _SLOT.finditer(template):
        text += template[position : slot.start()]
        position = slot.end()
        for piece, kind in _pieces(slot[1], random, wordings):
            if kind:
                spans.append((len(text), len(text) + len(piece), kind))
            text += piece
    return Generated(text + template[position:], tuple(spans))


Pieces = list[tuple[str, Kind | None]]


def _pieces(slot: str, random: Random, wordings: Wordings) -> Pieces:
    if slot == "address":
        return _address(random, wordings)
    if slot in _PERSONAL:
        kind, make = _PERSONAL[slot]
        return [(make(random), kind)]
    if slot in _PUBLIC:
        return [(_PUBLIC[slot](random), None)]
    return [(random.choice(wordings.fillers[slot]), None)]


# --- names ---

_FREQUENT = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯"
    "邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢傅钟"
)
_RARE = "鞠笪訾昝谌亓郗逄隗仝佘阚乜厍缑璩揭牟眭戢阙匡晏綦兀苌禚邸么晁邝"
_COMPOUND = ("欧阳", "司马", "上官", "诸葛", "夏侯", "令狐", "皇甫", "尉迟", "呼延", "东郭", "南宫", "钟离")
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚英华玉萍红玲芬燕桂花建国志文斌德海云龙春梅秀珍子涵梓轩浩宇欣怡雨桐"
    "思琪嘉豪佳诗语晨俊熙一诺可馨若汐奕辰沐宸家乐永康庆荣金凤素贞世昌培根守仁宏图维民爱生长青启航新立学友正东晓峰"
)
_MINORITY = (
    ("阿依古丽", "买买提"),
    ("迪丽努尔", "艾合买提"),
    ("扎西", "多吉"),
    ("古丽娜尔", "吐尔逊"),
    ("卓玛", "央金"),
)


def _person_name(random: Random) -> str:
    """Surname by frequency (rare 8 %, compound 4 %), given name of one or two characters; 2 % with a dot."""
    draw = random.random()
    if draw < 0.02:
        return random.choice("··•").join(random.choice(_MINORITY))
    if draw < 0.03:
        return "".join(random.choices(_FREQUENT, k=2) + random.choices(_GIVEN, k=2))
    surname = random.choice(_FREQUENT)
    if draw > 0.96:
        surname = random.choice(_COMPOUND)
    elif draw > 0.88:
        surname = random.choice(_RARE)
    return surname + "".join(random.choices(_GIVEN, k=random.choices((1, 2), (27, 73))[0]))


# --- numbers ---


def _digits(random: Random, number: int) -> str:
    return "".join(random.choices("0123456789", k=number))


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in text)


def _sometimes_wide(text: str, random: Random) -> str:
    return _wide(text) if random.random() < 0.05 else text


def _mobile(random: Random) -> str:
    number = f"1{random.choice('3456789')}{_digits(random, 9)}"
    if random.random() < 0.03:
        return number.translate(str.maketrans("0123456789", "零一二三四五六七八九"))
    sizes = random.choices(((11,), (3, 4, 4), (4, 3, 4), (3, 3, 5), (3, 8)), (70, 18, 4, 4, 4))[0]
    gap = random.choices((" ", "-", ".", "－", "  ", " - "), (50, 40, 3, 3, 2, 2))[0]
    prefix = random.choices(("", "+86", "+86 ", "86-", "0086", "(+86)"), (90, 3, 3, 2, 1, 1))[0]
    return prefix + _sometimes_wide(gap.join(_cut(number, sizes)), random)


def _cut(number: str, sizes: tuple[int, ...]) -> Iterator[str]:
    start = 0
    for size in sizes:
        yield number[start : start + size]
        start += size


def _landline(random: Random) -> str:
    code = random.choice(("0563", "0551", "025", "021", "010", "0571"))
    number = random.choice("23456789") + _digits(random, 6 if len(code) == 4 else 7)
    joined = random.choice(("{c}-{n}", "({c}){n}", "（{c}）{n}", "{c} {n}", "{c}{n}", "{c}－{n}", "{c}--{n}"))
    extension = random.choices(("", "转{e}", "-{e}", "转分机{e}"), (85, 6, 5, 4))[0].format(
        e=_digits(random, 3)
    )
    return _sometimes_wide(joined.format(c=code, n=number) + extension, random)


def _identity_number(random: Random) -> str:
    """18 characters with the check character of GB 11643, sometimes 15 digits; spaces, small x."""
    area = random.choice(("341802", "341821", "341881", "342501", "320102", "110105", "450103"))
    year, month, day = random.randint(1935, 2022), random.randint(1, 12), random.randint(1, 28)
    if random.random() < 0.05 and 1935 <= year < 2000:
        return f"{area}{year % 100:02d}{month:02d}{day:02d}{_digits(random, 3)}"
    body = f"{area}{year}{month:02d}{day:02d}{_digits(random, 3)}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    check = "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]
    number = body + (random.choice("Xx") if check == "X" else check)
    if random.random() < 0.12:
        number = random.choice((" ", "-")).join(_cut(number, random.choice(((6, 8, 4), (6, 4, 4, 4)))))
    return _sometimes_wide(number, random)


def _bank_card(random: Random) -> str:
    """16 to 19 digits with the Luhn digit, often in groups of four."""
    length = random.choice((16, 16, 18, 19, 19, 19))
    body = random.choice(("62", "62", "62", "4", "5", "35")).ljust(2, random.choice("123456789"))
    body += _digits(random, length - 1 - len(body))
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    number = f"{body}{-total % 10}"
    if random.random() < 0.5:
        number = random.choice((" ", "-", "  ")).join(_cut(number, (4, 4, 4, 4, 3)[: -(-length // 4)]))
    return _sometimes_wide(number, random)


def _email(random: Random) -> str:
    local = random.choice(
        (
            _digits(random, 9),
            f"zhang{_digits(random, 3)}",
            f"li.ming_{_digits(random, 2)}",
            "w-x-y1",
            "Teacher88",
        )
    )
    host = random.choice(("qq.com", "163.com", "example.com.cn", "vip.example.net", "mail.xc.gov.cn"))
    return f"{local}@{host}"


def _plate(random: Random) -> str:
    head = random.choice(("皖P", "皖A", "苏A", "浙E", "沪C", "皖p"))
    gap = random.choices(("", "·", " ", "-", "•"), (75, 12, 6, 5, 2))[0]
    tail = "".join(random.choices("ABCDEFGHJKLMNPQRSTUVWXYZ", k=1)) + _digits(random, 4)
    form = random.random()
    if form < 0.25:
        tail = random.choice("DF") + _digits(random, 5)
    elif form < 0.35:
        tail = _digits(random, 4) + random.choice("学警挂")
    elif form < 0.7:
        tail = _digits(random, 3) + random.choice("AKMSX") + _digits(random, 1)
    return _sometimes_wide(head + gap + tail, random)


_PERSONAL: dict[str, tuple[Kind, Callable[[Random], str]]] = {
    "name": (Kind.NAME, _person_name),
    "phone": (Kind.PHONE, _mobile),
    "landline": (Kind.PHONE, _landline),
    "local": (Kind.PHONE, lambda random: random.choice("23456789") + _digits(random, 6)),
    "identity": (Kind.IDENTITY, _identity_number),
    "card": (Kind.CARD, _bank_card),
    "email": (Kind.EMAIL, _email),
    "plate": (Kind.PLATE, _plate),
}


# --- addresses ---

_NUMERALS = "一二三四五六七八九十"


def _address(random: Random, wordings: Wordings) -> Pieces:
    """Town, road with a house number, estate with building and room; or village with group and house."""
    shape = random.random()
    town = random.choice(("", "", random.choice(wordings.fillers["county"])))
    road = random.choice(wordings.fillers["road"])
    estate = random.choice(wordings.fillers["estate"])
    gap = random.choices(("", " "), (92, 8))[0]
    if shape < 0.3:
        return [(f"{town}{road}{gap}", None), (_house(random), Kind.ADDRESS)]
    if shape < 0.6:
        return [(f"{town}{estate}{gap}", None), (_flat(random), Kind.ADDRESS)]
    if shape < 0.75:
        house = (_house(random), Kind.ADDRESS)
        return [(f"{town}{road}", None), house, (gap + estate + gap, None), (_flat(random), Kind.ADDRESS)]
    village = random.choice(wordings.fillers["village"])
    return [
        (f"{town}{random.choice(wordings.fillers['town'])}{village}", None),
        (_group(random), Kind.ADDRESS),
    ]


def _house(random: Random) -> str:
    number = str(random.randint(1, 999))
    forms = (
        "{n}号",
        "{n}号",
        "{n}号",
        "{n}-{m}号",
        "{n}号{m}室",
        "附{n}号",
        "{n}弄{m}号",
        "{n}号院",
        "{n}号附{m}号",
    )
    return _sometimes_wide(random.choice(forms).format(n=number, m=random.randint(1, 60)), random)


def _flat(random: Random) -> str:
    building, unit = random.randint(1, 40), random.randint(1, 6)
    room = f"{random.randint(1, 33)}{random.randint(1, 8):02d}"
    forms = (
        "{b}栋{u}单元{r}室",
        "{b}栋{u}单元{r}",
        "{b}幢{r}室",
        "{b}幢{u}单元{r}",
        "{b}号楼{u}单元{r}室",
        "{b}号楼{r}",
        "{b}-{u}-{r}",
        "{b}#{r}",
        "{b}#楼{u}单元{r}室",
        "{B}栋{U}单元{r}室",
        "{L}{b}栋{r}",
        "{L}座{r}室",
        "{b}栋",
        "{b}栋{u}单元",
        "{b}号楼",
    )
    return random.choice(forms).format(
        b=building,
        u=unit,
        r=room,
        B=_NUMERALS[building % 10],
        U=_NUMERALS[unit],
        L=random.choice("ABCDabc"),
    )


def _group(random: Random) -> str:
    number = random.randint(1, 30)
    forms = (
        "{g}组{n}号",
        "{G}组{n}号",
        "{g}组",
        "{G}组",
        "{g}村民组",
        "第{G}村民组{n}号",
        "{n}号",
        "{G}队{n}号",
    )
    return random.choice(forms).format(g=number, G=random.choice(_NUMERALS), n=random.randint(1, 120))


# --- numbers that are no personal data ---


def _money(random: Random) -> str:
    amount = random.choices(
        (random.randint(10, 99999), random.randint(10**6, 10**8), 13800000000), (70, 27, 3)
    )[0]
    return random.choice(
        ("{a}元", "{a}.50元", "{a:,}元", "人民币{a}元", "￥{a}", "{a}块钱", "{a}万元")
    ).format(a=amount)


def _day(random: Random) -> str:
    y, m, d = random.randint(2010, 2026), random.randint(1, 12), random.randint(1, 28)
    forms = (
        f"{y}年{m}月{d}日",
        f"{y}-{m:02d}-{d:02d}",
        f"{y}.{m}.{d}",
        f"{y}/{m}/{d}",
        f"{y}{m:02d}{d:02d}",
        f"{m}月{d}号",
        f"{y}年{m}月",
        f"{y}-{m:02d}-{d:02d} {d % 24:02d}:30:00",
    )
    return random.choice(forms)


def _document(random: Random) -> str:
    y, n = random.randint(2008, 2026), random.randint(1, 999)
    body = random.choice(("教基", "宣教体", "皖教秘", "国办发", "财教", "宣政办"))
    forms = (
        f"{body}〔{y}〕{n}号",
        f"{body}[{y}]{n}号",
        f"{body}（{y}）{n}号文",
        f"第{n}号令",
        f"{body}〔{y}〕{n}号文件",
    )
    return random.choice(forms)


def _order(random: Random) -> str:
    """Number of a work order, receipt or candidate: long, but nobody's card or ID."""
    y, m, d = random.randint(2015, 2026), random.randint(1, 12), random.randint(1, 28)
    stamp = f"{y}{m:02d}{d:02d}"
    forms = (
        f"{stamp}{_digits(random, 6)}",
        f"{stamp}{_digits(random, 9)}",
        f"DH{stamp}{_digits(random, 8)}",
        f"XC-{y}-{_digits(random, 5)}",
        _digits(random, 8),
        f"GD{_digits(random, 10)}",
    )
    return random.choice(forms)


def _half_name(random: Random) -> str:
    surname = random.choice(_FREQUENT)
    return random.choice(
        (f"{surname}某", f"{surname}某某", f"{surname}*", f"{surname}XX", f"{surname}**", f"小{surname}")
    )


_PUBLIC: dict[str, Callable[[Random], str]] = {
    "money": _money,
    "day": _day,
    "document": _document,
    "order": _order,
    "half": _half_name,
    "titled": lambda random: (
        random.choice(_FREQUENT)
        + random.choice(("老师", "女士", "先生", "校长", "主任", "局长", "阿姨", "园长", "同学", "书记"))
    ),
    "class": lambda random: random.choice(
        ("{G}年级{n}班", "{G}（{n}）班", "{n}班", "高{H}{n}班", "初{H}（{n}）班")
    ).format(G=random.choice("一二三四五六"), H=random.choice("一二三"), n=random.randint(1, 20)),
    "score": lambda random: random.choice(("{a}分", "{a}.5分", "总分{a}", "{a}/750")).format(
        a=random.randint(60, 740)
    ),
    "percent": lambda random: random.choice(("{a}%", "百分之{a}", "{a}.5％")).format(a=random.randint(1, 99)),
    "count": lambda random: random.choice(("{a}人", "{a}名学生", "{a}户", "{a}多个家庭", "{a}平方米")).format(
        a=random.randint(2, 5000)
    ),
    "credit": lambda random: f"9134180{_digits(random, 1)}MA2{_digits(random, 4)}X{_digits(random, 2)}",
    "hotline": lambda random: random.choice(
        (
            "12345",
            "110",
            "120",
            "96110",
            "12320",
            "10086",
            "95588",
            "400-820-8820",
            "4008208820",
            "12315",
            "114",
        )
    ),
}
