"""The words of the empty page's examples: what stands on each, and the question that is sent with its files."""

from dataclasses import dataclass

from ui.words import Language


@dataclass(frozen=True)
class WelcomeWords:
    """…_label: what is clicked. …_question: what is sent; the spoken one has no words but its recording."""

    language: Language = "en"
    voice_label: str = "Ask aloud about the lease"
    receipt_label: str = "What did I pay?"
    receipt_question: str = "What was the total I paid?"
    lease_label: str = "When can the rent rise?"
    lease_question: str = "When can the rent rise, and by how much?"


ENGLISH = WelcomeWords()

CHINESE = WelcomeWords(
    language="zh",
    voice_label="用语音询问租房合同",
    receipt_label="我付了多少钱？",
    receipt_question="合计付了多少元？",
    lease_label="房租什么时候可以涨？",
    lease_question="租金什么时候可以上涨，最多涨多少？",
)
