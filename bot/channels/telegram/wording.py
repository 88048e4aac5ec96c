"""What the Telegram channel itself says; answers come from the assistant."""

from __future__ import annotations

COMMANDS: tuple[tuple[str, str], ...] = (
    ("start", "开始，或换个话题重新问"),
    ("topics", "按栏目浏览可以问的问题"),
    ("sources", "查看答复依据的文件"),
    ("help", "怎么使用"),
)
CHANGE_SUBJECT = "换个话题"

SUBJECT_CHANGED = "好的，前面的话题已放下，请直接输入新的问题。"
UNKNOWN_COMMAND = "没有这个命令。请直接输入问题，或用 /topics 浏览栏目，/help 查看用法。"
TEXT_ONLY = "目前只能看懂文字，图片、语音、文件和表情暂时看不了。请把问题用文字发过来。"
EMPTY_MENTION = "请在提到我的同时写上问题。"
TOO_FAST = "您发得有点快，请等一分钟再继续。"
STALE_BUTTON = "按钮已失效，请直接输入问题"
THANKS = "谢谢您的评价"
STAFF_PRIVATE_ONLY = "内部功能只在和我的私聊里使用，请在这里发 /{command}。"
STAFF_LONG = "内容较长，见附件。"
FAILURE = "系统出了点问题，编号 {reference}。请稍后再试；如一直这样，请把编号告诉我们。"

HELPFUL = "👍 有帮助"
NOT_HELPFUL = "👎 没帮助"
RATED_HELPFUL = "✅ 已评价：有帮助"
RATED_NOT_HELPFUL = "✅ 已评价：没帮助"
BROWSE = "📚 按栏目浏览"
BACK = "« 返回"
PREVIOUS = "‹ 上一页"
NEXT = "下一页 ›"

GROUPS_TITLE = "请选择类别："
NO_TOPICS = "暂时没有可以浏览的栏目，请直接输入问题。"
TOPIC_HINT = "点一个问题看答复，也可以直接输入问题："
SOURCES_TITLE = "答复依据的文件，共 {count} 份（第 {page}/{pages} 页）："
NO_SOURCES = "知识库里暂时没有文件。"
