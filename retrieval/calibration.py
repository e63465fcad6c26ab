"""What an embedder's cosines mean: what unrelated texts get, what a real answer gets, and can it read this script.

One embedder gives unrelated texts 0.05, the next 0.75; an English one gives any two Chinese texts 0.5. So
nobody is asked for its name: each reads the same few questions and answers once, and shows it.
"""

from dataclasses import dataclass

import numpy

from assistant.ports.embedding import Embedder

# A question, and a passage that answers it in other words; no two pairs on one subject.
_SPACED = (
    ("When must I pay for the flat?", "Rent falls due on the first working day of each month."),
    ("How do I get the stain out?", "Red wine comes off cotton with salt and cold water."),
    ("Who wrote the novel?", "The book's author was a schoolteacher from Lisbon."),
    ("Why did the engine stop?", "The motor failed because a fuel pump had seized."),
    ("What do bees eat?", "These insects live on nectar and pollen from flowers."),
    ("How tall is the mountain?", "Its summit stands 4,810 metres above sea level."),
    ("May guests bring a dog?", "Pets are welcome in the hotel for a small fee."),
    ("What helps against a headache?", "A tablet of aspirin eases most migraines."),
)
_UNSPACED = (
    ("房租什么时候交？", "租金应在每月第一个工作日支付。"),
    ("怎样去掉污渍？", "棉布上的红酒印可以用盐和冷水洗净。"),
    ("这部小说是谁写的？", "该书的作者是里斯本的一位教师。"),
    ("发动机为什么停了？", "由于燃油泵卡死，马达发生了故障。"),
    ("蜜蜂吃什么？", "这种昆虫以花朵中的花粉为生。"),
    ("这座山有多高？", "顶峰海拔四千八百一十米。"),
    ("客人可以带狗吗？", "酒店欢迎宠物入住，需付少量费用。"),
    ("头痛怎么办？", "服一片阿司匹林能缓解大多数不适。"),
)


@dataclass(frozen=True)
class Scale:
    """What the cosines of an embedder mean."""

    zero: float
    """The cosine of unrelated texts."""
    sure: float
    """From this cosine on a hit counts in full."""
    share: float
    """The weight of meaning beside keywords, 0 to 1. It is small for a script that the embedder cannot read."""


def calibrate(embedder: Embedder, unspaced: bool) -> Scale:
    """unspaced: for questions in scripts without spaces between words, such as Chinese."""
    pairs = _UNSPACED if unspaced else _SPACED
    questions = numpy.stack([embedder.embed_question(question) for question, _ in pairs])
    cosines = questions @ embedder.embed_passages([passage for _, passage in pairs]).T
    own = cosines.diagonal()
    others = cosines[~numpy.eye(len(pairs), dtype=bool)]
    reads = float((cosines.argmax(axis=1) == numpy.arange(len(pairs))).mean())
    zero = max(0.0, float(numpy.median(others)))
    if reads < 0.75:
        # measured: at a tenth a blind embedder does no harm, at a half it costs a seventh of the first places
        return Scale(zero, 1.0, share=0.1)
    return Scale(zero, zero + 0.75 * max(0.0, float(numpy.median(own)) - zero), share=0.5)
