"""What a thing is in everyday words, by the classes of ImageNet-1k: a golden retriever is a dog.

The numbers are positions in that list (Russakovsky et al., "ImageNet Large Scale Visual Recognition Challenge", 2015).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Thing:
    """A word for several classes, in English with its article, and in Chinese."""

    english: str
    chinese: str
    classes: frozenset[int]


def _thing(english: str, chinese: str, *classes: int | range) -> Thing:
    spread = (range(one, one + 1) if isinstance(one, int) else one for one in classes)
    return Thing(english, chinese, frozenset(at for stretch in spread for at in stretch))


def _from(first: int, last: int) -> range:
    return range(first, last + 1)


THINGS = (
    _thing("a fish", "鱼", _from(0, 6), _from(389, 397)),
    _thing("a bird", "鸟", _from(7, 24), _from(80, 100), _from(127, 146)),
    _thing("a frog", "蛙", _from(30, 32)),
    _thing("a newt or salamander", "蝾螈", _from(25, 29)),
    _thing("a turtle", "龟", _from(33, 37)),
    _thing("a lizard", "蜥蜴", _from(38, 48)),
    _thing("a crocodile", "鳄鱼", 49, 50),
    _thing("a snake", "蛇", _from(52, 68)),
    _thing("a spider", "蜘蛛", _from(72, 77)),
    _thing("a snail or slug", "蜗牛或蛞蝓", _from(113, 115)),
    _thing("a crab", "螃蟹", _from(118, 121), 125),
    _thing("a lobster or crayfish", "龙虾", _from(122, 124)),
    _thing("a whale", "鲸", 147, 148),
    _thing("a dog", "狗", _from(151, 268)),
    _thing("a wolf", "狼", _from(269, 272)),
    _thing("a fox", "狐狸", _from(277, 280)),
    _thing("a cat", "猫", _from(281, 285)),
    _thing("a big cat", "大型猫科动物", _from(286, 293)),
    _thing("a bear", "熊", _from(294, 297)),
    _thing("a butterfly", "蝴蝶", _from(321, 326)),
    _thing("an insect", "昆虫", _from(300, 320)),
    _thing("a rabbit", "兔子", _from(330, 332)),
    _thing("cattle", "牛", _from(345, 347)),
    _thing("a sheep or goat", "羊", _from(348, 350)),
    _thing("an antelope", "羚羊", _from(351, 353)),
    _thing("a pig", "猪", _from(341, 343)),
    _thing("a weasel or its kin", "鼬科动物", _from(356, 359)),
    _thing("an ape", "猿", _from(365, 369)),
    _thing("a monkey", "猴子", _from(370, 382)),
    _thing("an elephant", "大象", 101, 385, 386),
    _thing("a car", "汽车", 407, 436, 468, 511, 609, 627, 656, 661, 751, 817),
    _thing("a truck", "卡车", 555, 569, 675, 717, 734, 864, 867),
    _thing("a bus", "公共汽车", 654, 779, 874),
    _thing("a train", "火车", 466, 547, 705, 820),
    _thing("an aircraft", "飞机", 404, 405, 895, 908),
    _thing("a ship or boat", "船", 403, 472, 484, 510, 554, 576, 625, 628, 724, 780, 814, 871, 914),
    _thing("a bicycle", "自行车", 444, 671),
    _thing("a motorcycle", "摩托车", 665, 670),
    _thing("a clock or watch", "钟表", 409, 530, 531, 826, 892),
    _thing("a computer", "电脑", 508, 527, 590, 620, 664, 673, 681, 782),
    _thing("a building", "建筑", 425, 442, 449, 483, 497, 498, 580, 663, 668, 698, 762, 832),
    _thing("a bridge", "桥", 718, 821, 839, 888),
    _thing("a cup or mug", "杯子", 504, 647, 968),
    _thing("a guitar", "吉他", 402, 546),
    _thing("a vegetable", "蔬菜", _from(936, 946)),
    _thing("fruit", "水果", _from(948, 957)),
    _thing("a landscape", "风景", 970, 972, _from(974, 980)),
    _thing("a flower", "花", 985, 986),
    _thing("a mushroom", "蘑菇", 947, _from(991, 997)),
)

# Screens, print and packages: their text is read, and what kind of sheet it stands on helps nobody.
OF_PAPER = frozenset({549, 692, 710, 916, 917, 918, 921, 922, 664, 681, 782, 851})


def thing_of(at: int) -> Thing | None:
    return next((thing for thing in THINGS if at in thing.classes), None)
