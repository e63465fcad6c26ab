"""Languages: what they are called, and which one a text is written in. By py3langid, which runs here and needs no model
of ours; it is sure of a sentence, and of a word or two it is not."""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from assistant.text.chinese_scripts import script_of

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

MOST = 5000  # letters that are looked at
_NAMES = """
af Afrikaans 南非荷兰语|am Amharic 阿姆哈拉语|ar Arabic 阿拉伯语|as Assamese 阿萨姆语|az Azerbaijani 阿塞拜疆语
ba Bashkir 巴什基尔语|be Belarusian 白俄罗斯语|bg Bulgarian 保加利亚语|bn Bengali 孟加拉语|bo Tibetan 藏语
br Breton 布列塔尼语|bs Bosnian 波斯尼亚语|ca Catalan 加泰罗尼亚语|cs Czech 捷克语|cy Welsh 威尔士语
da Danish 丹麦语|de German 德语|el Greek 希腊语|en English 英语|eo Esperanto 世界语|es Spanish 西班牙语
et Estonian 爱沙尼亚语|eu Basque 巴斯克语|fa Persian 波斯语|fi Finnish 芬兰语|fo Faroese 法罗语|fr French 法语
ga Irish 爱尔兰语|gl Galician 加利西亚语|gu Gujarati 古吉拉特语|ha Hausa 豪萨语|haw Hawaiian 夏威夷语
he Hebrew 希伯来语|hi Hindi 印地语|hr Croatian 克罗地亚语|ht Haitian_Creole 海地克里奥尔语|hu Hungarian 匈牙利语
hy Armenian 亚美尼亚语|id Indonesian 印度尼西亚语|is Icelandic 冰岛语|it Italian 意大利语|ja Japanese 日语
jw Javanese 爪哇语|ka Georgian 格鲁吉亚语|kk Kazakh 哈萨克语|km Khmer 高棉语|kn Kannada 卡纳达语|ko Korean 韩语
ku Kurdish 库尔德语|ky Kyrgyz 吉尔吉斯语|la Latin 拉丁语|lb Luxembourgish 卢森堡语|ln Lingala 林加拉语
lo Lao 老挝语|lt Lithuanian 立陶宛语|lv Latvian 拉脱维亚语|mg Malagasy 马达加斯加语|mi Maori 毛利语
mk Macedonian 马其顿语|ml Malayalam 马拉雅拉姆语|mn Mongolian 蒙古语|mr Marathi 马拉地语|ms Malay 马来语
mt Maltese 马耳他语|my Burmese 缅甸语|ne Nepali 尼泊尔语|nl Dutch 荷兰语|nn Norwegian_(Nynorsk) 新挪威语
no Norwegian 挪威语|oc Occitan 奥克语|or Odia 奥里亚语|pa Punjabi 旁遮普语|pl Polish 波兰语|ps Pashto 普什图语
pt Portuguese 葡萄牙语|ro Romanian 罗马尼亚语|ru Russian 俄语|sa Sanskrit 梵语|sd Sindhi 信德语
si Sinhala 僧伽罗语|sk Slovak 斯洛伐克语|sl Slovenian 斯洛文尼亚语|sn Shona 绍纳语|so Somali 索马里语
sq Albanian 阿尔巴尼亚语|sr Serbian 塞尔维亚语|su Sundanese 巽他语|sv Swedish 瑞典语|sw Swahili 斯瓦希里语
ta Tamil 泰米尔语|te Telugu 泰卢固语|tg Tajik 塔吉克语|th Thai 泰语|tk Turkmen 土库曼语|tl Tagalog 他加禄语
tr Turkish 土耳其语|tt Tatar 鞑靼语|ug Uyghur 维吾尔语|uk Ukrainian 乌克兰语|ur Urdu 乌尔都语
uz Uzbek 乌兹别克语|vi Vietnamese 越南语|yi Yiddish 意第绪语|yo Yoruba 约鲁巴语|yue Cantonese 粤语
zh Chinese 中文|zu Zulu 祖鲁语
"""
NAMES = {
    code: (english.replace("_", " "), chinese)
    for code, english, chinese in (row.split() for row in _NAMES.replace("|", "\n").split("\n") if row)
}
_OFTEN = {  # how much oftener than in others people's files are in these; it decides where a word or two do not
    "en": 8.0,
    **dict.fromkeys("zh de fr es it pt nl pl cs tr ru ar ja ko vi id sv".split(), 4.0),
}


@dataclass(frozen=True)
class Identified:
    """code: ISO 639, "" where nothing tells.

    sureness: 0 to 1; what is told with 0.6 is nearly always right, with 0.2 every other time.
    """

    code: str
    sureness: float


def name(code: str, language: str, spoken: bool = False, text: str = "") -> str:
    """What it is called in Chinese where `language` is "zh", else in English. text: in it, which tells the script."""
    chinese = language == "zh"
    if code not in NAMES:
        return code
    if code == "zh" and spoken:
        return "中文（普通话）" if chinese else "Chinese (Mandarin)"
    if code == "zh" and (script := script_of([text])) is not None:
        in_chinese = "中文（简体）" if script == "simplified" else "中文（繁体）"
        return in_chinese if chinese else f"Chinese ({script} characters)"
    return NAMES[code][chinese]


@lru_cache(maxsize=1024)
def identify(text: str) -> Identified:
    """The language that a text is written in most likely."""
    letters = "".join(letter if letter.isalpha() or letter in "'’" else " " for letter in text[:MOST])
    letters = " ".join(letters.split())
    if not letters:
        return Identified("", 0.0)
    ranked = _identifier().rank(letters.lower())  # capitals alone look like no language
    weighed = {str(code): float(sureness) * _OFTEN.get(str(code), 1.0) for code, sureness in ranked}
    code = max(weighed, key=lambda one: weighed[one])
    return Identified(code, weighed[code] / sum(weighed.values()))


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # 0.6 s, of which nobody knows before it is asked

    made = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    made.set_languages(sorted(NAMES.keys() & set(made.nb_classes)))
    return made
