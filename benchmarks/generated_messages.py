"""Invented messages in any number, from a seed: places × matters × wordings with noise, and their topics."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import accumulate

import rjieba

from bot.signals.models import Urgency
from bot.signals.topics.features import TopicInput
from knowledge.files import BUNDLED

_AREAS = ("宣州区", "郎溪县", "泾县", "绩溪县", "旌德县", "宁国市", "广德市")
_SYLLABLES = (
    "文昌桃溪梅岭云栖松柏金桂翠湖龙泉凤鸣青阳锦绣华庭玉兰望江兴业安和景秀春晖东篱竹海星河月湾"
    "柳杨枫槐榆榕杉樟荷菊莲蓉芳芷兰蕙洪涛浦源泽润清澜波洋沙石"
    "岩峰峦岗坡阜丘陵北南西中上下前后新旧古仁义礼智信忠孝廉"
)
_KINDS = ("小学", "中学", "幼儿园", "小区", "花园", "路", "镇", "村", "公司", "培训学校", "公园", "广场")
_MATTERS = (
    "违规 补课 收费 老师 有偿 家教 学生 周末 举报 办班",
    "校车 接送 线路 停运 上学 安全 司机 超员 站点 放学",
    "食堂 饭菜 变质 肚子疼 食品 卫生 配餐 口味 学生餐 承包",
    "学区 划分 入学 报名 名额 户口 房产证 对口 调剂 不公平",
    "油烟 扰民 夜宵 烧烤 排烟 管道 异味 楼下 门面 深夜",
    "施工 噪音 工地 凌晨 打桩 渣土车 扬尘 休息 夜间 投诉",
    "物业 停车费 涨价 车位 捆绑 业主 开发商 合同 销售 交房",
    "拖欠 工资 农民工 包工头 欠条 结算 工程款 年底 讨薪 劳动",
    "自来水 停水 水压 水质 浑浊 改造 管网 缴费 水厂 用户",
    "公交 班次 减少 候车 站牌 绕行 乘客 晚点 增开 路线",
    "拆迁 安置 补偿 征地 协议 过渡费 房屋 签字 评估 兑现",
    "退费 预付 培训 机构 跑路 课时 合同 关门 退款 家长",
    "校园 欺凌 殴打 同学 受伤 班主任 处理 心理 报警 道歉",
    "路灯 不亮 夜晚 出行 摔倒 维修 漆黑 损坏 绿化 照明",
    "垃圾 堆放 清运 臭味 苍蝇 垃圾桶 焚烧 污水 环境 河道",
    "幼儿园 普惠 学费 托管 伙食费 小班 招生 摇号 民办 公办",
)
_TITLES = (
    "关于{place}{a}{b}的问题",
    "投诉{area}{place}{a}",
    "{place}{a}{b}无人管",
    "请解决{place}{b}{c}问题",
)
_ENDINGS = ("请有关部门核实处理。", "希望领导重视。", "盼回复，谢谢！", "请问什么时候能解决？")
_FIRST_DAY = datetime(2024, 1, 1, 8)
_DAYS = 900
_BACKGROUND = 0.6
_LARGEST = 400
_LARGEST_SHARE = 0.02


def generated_messages(many: int, seed: int = 1) -> tuple[list[TopicInput], dict[str, str]]:
    """Messages in the order of time, and the invented topic of those that have one.

    Sizes of topics fall as rank to the power of -.7, at most 400 and a fiftieth of all; three in five
    messages are alone with their matter at their place. Noise words are drawn as often as the published
    library uses them. One in twenty messages of a topic repeats an earlier one almost word for word.
    """
    chance = random.Random(seed)  # noqa: S311 not for secrets
    noise = _Noise(chance)
    messages: list[TopicInput] = []
    truth: dict[int, str] = {}
    rank = 0
    while len(messages) < many:
        rank += 1
        left = many - len(messages)
        size = min(left, max(2, round(min(_LARGEST, many * _LARGEST_SHARE) / rank**0.7)))
        for message in _topic(chance, noise, size):
            truth[len(messages)] = f"t{rank}"
            messages.append(message)
        alone = min(many - len(messages), round(size * _BACKGROUND / (1 - _BACKGROUND)))
        messages += [_topic(chance, noise, 1)[0] for _ in range(alone)]
    order = sorted(range(many), key=lambda place: messages[place].at or _FIRST_DAY)
    named = [replace(messages[place], id=f"g{number}") for number, place in enumerate(order)]
    return named, {f"g{number}": truth[place] for number, place in enumerate(order) if place in truth}


class _Noise:
    """Words of the library, as often as it has them."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        texts = (path.read_text("utf-8") for path in sorted(BUNDLED.rglob("*.yaml")))
        found = [
            word for text in texts for word in rjieba.cut(text) if len(word) > 1 and "一" <= word[0] <= "龥"
        ]
        self._words = sorted(set(found))
        counts = dict.fromkeys(self._words, 0)
        for word in found:
            counts[word] += 1
        self._weights = list(accumulate(counts[word] for word in self._words))

    def sentence(self) -> str:
        many = self._chance.randint(5, 12)
        return "".join(self._chance.choices(self._words, cum_weights=self._weights, k=many)) + "。"


def _topic(chance: random.Random, noise: _Noise, size: int) -> list[TopicInput]:
    place = "".join(chance.choices(_SYLLABLES, k=3)) + chance.choice(_KINDS)
    area = chance.choice(_AREAS)
    matter = chance.choice(_MATTERS).split()
    start = _FIRST_DAY + timedelta(days=chance.uniform(0, _DAYS))
    length = chance.uniform(10, 120)
    written: list[TopicInput] = []
    for _ in range(size):
        at = start + timedelta(days=chance.uniform(0, length))
        urgency = chance.choices((Urgency.NORMAL, Urgency.RAISED, Urgency.URGENT), (90, 8, 2))[0]
        user = f"u{chance.randrange(10**6)}"
        if written and chance.random() < 0.05:
            written.append(replace(written[0], text=f"您好，{written[0].text}", at=at, user=user))
            continue
        title, text = _wording(chance, noise, area, place, matter)
        written.append(TopicInput("", title, text, at, user, urgency))
    return written


def _wording(
    chance: random.Random, noise: _Noise, area: str, place: str, matter: Sequence[str]
) -> tuple[str, str]:
    said = chance.sample(list(matter), 6)
    title = chance.choice(_TITLES).format(area=area, place=place, a=said[0], b=said[1], c=said[2])
    sentences = [
        f"我是{area}{place}的居民，这里{said[0]}{said[1]}。",
        *(noise.sentence() for _ in range(chance.randint(4, 26))),
        f"{place}{said[2]}{said[3]}，{said[4]}{said[5]}。",
    ]
    chance.shuffle(sentences)
    return title, "".join(sentences) + chance.choice(_ENDINGS)
