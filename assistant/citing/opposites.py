"""Words that say the opposite of one another: where one stands in the other's place, a sentence is not supported."""

from assistant.text.tokens import stem

_PAIRS = """
before after|over under|above below|more less|more fewer|most least|always never|inside outside|indoor outdoor
rise fall|rose fell|rise drop|rose drop|grow shrink|grew shrank|grew fell|increase decrease|raise lower|up down
gain lose|won lost|win lose|win loss|beat lost|open close|open shut|open lock|buy sell|bought sold|buy sold
first last|earliest latest|early late|old new|older newer|high low|higher lower|highest lowest|long short|tall small
large small|larger smaller|largest smallest|big small|wide narrow|deep shallow|fast slow|hot cold|warm cool|dry wet
begin end|began ended|start stop|start end|start finish|begin finish|arrive leave|arrive depart|enter leave
accept reject|accept refuse|approve reject|allow forbid|allow prohibit|allow ban|permit forbid|permit prohibit
appoint dismiss|hire dismiss|hire fire|join leave|build destroy|built destroyed|create destroy|found dissolve
born died|birth death|live die|married divorced|friend enemy|ally enemy|attack defend|win defeat|borrow lend
borrow lent|give take|gave took|give receive|send receive|sent received|push pull|import export|supply demand
include exclude|add remove|increase reduce|expand contract|strengthen weaken|improve worsen|better worse|best worst
succeed fail|success failure|safe dangerous|legal illegal|possible impossible|able unable|agree disagree|true false
right wrong|correct incorrect|positive negative|common rare|rare frequent|often rarely|often seldom|public private
rich poor|strong weak|heavy light|easy difficult|easy hard|full empty|flat steep|front behind|north south|east west
northern southern|eastern western|left right|dawn dusk|morning evening|day night|summer winter|spring autumn
male female|man woman|men women|father mother|brother sister|son daughter|king queen|husband wife|teacher student
double half|majority minority|maximum minimum|mild severe|cheap expensive|cheaper dearer|with without|free paid
upper lower|major minor|internal external|permanent temporary|win lost|support oppose|for against|love hate
"""
_CJK_PAIRS = """
增长 下降|增加 减少|上升 下降|提高 降低|之前 之后|以前 以后|饭前 饭后|以上 以下|开放 关闭|开门 关门|买 卖|最大 最小
最高 最低|最早 最晚|第一 最后|开始 结束|允许 禁止|可以 不要|出生 去世|出生 逝世|胜 败|赢 输|聘请 解雇|聘任 解雇
任命 罢免
加入 退出|成立 解散|建造 拆除|接受 拒绝|同意 反对|支持 反对|进口 出口|夏季 冬季|白天 晚上|早上 晚上|男性 女性|父亲 母亲
东部 西部|南部 北部|晴天 雨|高 低|长 短|大 小
"""


def _table() -> dict[str, frozenset[str]]:
    opposites: dict[str, set[str]] = {}
    for line in (*_PAIRS.split("\n"), *_CJK_PAIRS.split("\n")):
        for pair in filter(None, line.split("|")):
            one, other = pair.split()
            for a, b in ((one, other), (other, one)):
                for x in (a, stem(a)):
                    opposites.setdefault(x, set()).update((b, stem(b)))
    return {word: frozenset(others) for word, others in opposites.items()}


OPPOSITES = _table()
