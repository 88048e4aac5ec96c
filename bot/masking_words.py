"""Word lists behind :mod:`bot.masking_places` and :mod:`bot.masking_names`."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# --- places ---

ROADS = _words("路 街 巷 弄 大道 胡同 坊 里弄")
ESTATES = _words(
    "小区 花园 花苑 家园 嘉园 佳园 佳苑 雅苑 丽苑 御园 新村 新苑 公寓 公馆 山庄 庄园 别墅 名邸 府邸 "
    "华府 华庭 豪庭 名苑 苑 大厦 广场 新城 家属院 宿舍 社区"
)
ESTATE_ENDINGS = _words("城 府 郡 湾 轩 庭 邸 居 阁 苑 园 里")
"""Before a building; before a bare 号 they may end the name of a city and the number be a date."""
VILLAGES = _words("村 组 屯 寨 庄 社区 村民 居民 村委会 居委会")
INSTITUTIONS = _words("学校 小学 中学 大学 学院 校区 校园 幼儿园 医院 校 局 公司")
"""Their buildings are public."""
BUILDING_NOUNS = _words("楼 房 宅 墅 屋 厂房 高层 建筑 工程 项目 新建 全部 栋 幢 层")
"""«住宅楼3栋» says how many."""

# --- names ---

INTRODUCTIONS = _words(
    "外孙叫 我叫 名叫 名字叫 孩子叫 儿子叫 女儿叫 学生叫 小孩叫 侄子叫 侄女叫 孙子叫 孙女叫"
)
LABELS = _words(
    "姓名 名字 户主 户名 落款 署名 签名 家长 市民 网友 业主 村民 群众 本人 联系人 监护人 申请人 报名人 "
    "反映人 反应人 来信人 来电人 来访人 投诉人 举报人 诉求人 写信人 求助人 咨询人 报告人 控告人 申诉人 "
    "留言人 信访人 建议人 署名人 呼吁人 收件人 收款人 开户人 当事人 委托人 代理人 法定代表人"
)
"""What stands before the name of who writes, calls or is written about in a form."""
COMPOUND_SURNAMES = frozenset(
    _words(
        "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 夏侯 宇文 长孙 端木 南宫 独孤 申屠 澹台 "
        "轩辕 呼延 东郭 西门 南门 钟离 闻人 公冶 宗政 濮阳 淳于 单于 太叔 公羊 赫连 仲孙 鲜于 闾丘 司空 "
        "亓官 司寇 颛孙 第五 百里 东里 公良 拓跋 夹谷 谷梁 左丘 完颜 耶律 万俟 羊舌 梁丘 纳兰"
    )
)
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢傅姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向"
    "汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单"
    "季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳穆农司卓古吉缪简车项连芦麦褚娄窦"
    "戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻"
    "苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练"
    "廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿"
    "鲜印逯隆茹诺战慈水昌凤俊酆元萧湛茅危昝经干贲洪钮嵇滑荀於家羿汲邴糜松富牧隗山宓蓬郗仰暴钭戎束幸韶蓟怀"
    "从鄂籍赖阴苍双莘贡逄扶堵郦璩濮寿通郏别阎充习鱼慎庾终暨居衡步弘广禄殳沃利蔚越夔厍勾融訾空毋养须蒯后红"
    "竺益桓公仉督汝钦归墨哈谯笪年爱言福揭缑眭戢綦禚苌么乜巢兀"
)
"""The usual ones, roughly by frequency, and those of 百家姓."""
AMBIGUOUS_SURNAMES = frozenset(
    "和向都应于从由时全相有那关计来连能满平常经单强成权解广公后居家空通充终别须养红益爱年言利门管查位双越"
    "原富支山水"
)
"""Also words that may follow 家长 or 本人: no surname there unless a colon stands between."""
NOUN_SUFFIXES = frozenset("生率性费照院后前者员级类型式化证卡书班比额委")
"""After a word that begins with a surname they make a longer word: 高中生."""
NOT_IN_A_NAME = frozenset("的是在到要住请有不就也都说去来们某了吗呢吧么什被把让给很没这那还又才和与及或问想")
TITLES = _words(
    "老师 校长 主任 局长 园长 书记 女士 先生 同学 阿姨 师傅 医生 经理 老板 教练 小姐 同志 大爷 奶奶 "
    "爷爷 叔叔 妈妈 爸爸 家长 科长 院长 处长 主席 会计 组长"
)
END_OF_A_BODY = _words(
    "局 部 处 会 办 校 园 公司 中心 社区 小区 学校 班 村 组 科 所 站 业主 家长 村民 居民 市民 群众 学生 "
    "老师 教师 职工 员工 住户 代表 人 省 县 市 区 镇 乡 街道 们 号"
)
"""Ends of what signs a letter without being one person, or is no person."""
NOT_A_NAME = frozenset(
    _words(
        "高一 高二 高三 初一 初二 初三 敬礼 敬上 谢谢 盖章 许可 陈述 孙子 什么 何人 何时 本人 匿名 保密 "
        "同上 不详 待定 未知 祝好 万谢 安好 向谁 谁的 方式 来自 国内 边上 祝安 多谢 平安 成人 单亲 于是 "
        "和谁 应届"
    )
)
AFTER_A_NAME = _words(
    "反映 反应 来电 来信 来访 咨询 投诉 举报 表示 致电 电话 手机 联系 敬上 谨上 呈上 敬启 谨启 建议 "
    "希望 请求 拨打 您好 同学 身份证 家住 住在 现住 的"
)
"""What follows a name directly."""
