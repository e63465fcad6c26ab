"""Understanding: the words of a turn, and what is there to be asked about, become one frozen Request.

Slots are parsed, the kind is classified among those whose needs are met, the files meant are resolved. It happens once,
before anything is searched; whoever comes later reads the Request.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.answering import request_times, subject
from assistant.answering.slots import form_of, language_asked, pages_of
from assistant.answering.tuning import AnswerTuning
from assistant.answering.ways import LOOKUP, kind_named, possible, way_for
from assistant.ports.classifier import KindClassifier
from assistant.text.languages import language_of
from assistant.text.tokens import is_cjk, tokens
from assistant.values.conversation import Conversation
from assistant.values.files import FileFacts
from assistant.values.request import Form, Meant, Request, to_parse

TOLD = 4  # kinds with their scores, for whoever wants to know
MOST_PARTS = 3
SHORTEST = 2  # words, or Chinese characters, that can be a request of their own
_ENDS = re.compile(r"(?<![.!?])[.!?]++(?:\s++|$)|[。！？；;\n]++\s*")  # no point within "handbook.pdf" or "2.5"
_THEN = re.compile(  # what begins another request in the same sentence
    r"(?:[,，、]\s*+|(?<!\s)\s++)(?:(?:and|und|et|y|e|и|а|а также)(?:\s++(?:also|then|after that|afterwards|dann|danach|anschließend|auch|ensuite|"
    r"puis|après|aussi|luego|después|también|depois|também|затем|потом|также))?|then|plus|also|puis|luego)\s++"
    r"|[,，]\s*+(?:dann|danach|anschließend|ensuite|después|depois|затем|потом)\s++"
    r"|(?:[，,、]\s*+|(?<!\s)\s++|(?=\S))(?:然后|接着|并且|并|顺便|再(?!次|[说讲来见]|看看)|同时|それから|そのあと|その後|そして|그리고|그런 다음|그다음에?)[\s，,、]*+"
    r"|(?:(?<=[しいっきめげべえせけれね]て)|(?<=んで))[、,]?\s*+(?!くだ|下さ|くれ|ほし|欲し|もら|いただ|ちょうだい|[いるもはかあおみ、,]|[。？！?!]|\s|$)"
    r"|(?:(?<=[가-힣]고)(?<![라다냐자]고)|(?<= 다음)에?|(?<= 후)에?)[,，]?\s++(?!싶|있|나서)",
    re.IGNORECASE,
)
_BREAK = re.compile(r"[,，、]\s*+(?=\S)")
_POINTS_BACK = re.compile(
    r"\b(it|its|he|him|his|she|her|they|them|their|that|this|those|these|there|then|one|ones|er|sie|ihn|ihr|es|das|dort|dann|il|elle|ils|elles|"
    r"ça|cela|lui|él|ella|ellos|eso|esto|allí|ele|ela|isso|он|она|они|это|там)\b"
    r"|^\s*(and|but|why|und|aber|warum|et|mais|pourquoi|y|pero|por qué|e|mas|а|и|но|почему)\b"
    r"|[它他她]|这个|那个|这里|那里|^(那|还有|为什么|呢)|呢[?？]?$|それ|その|그것|그거",
    re.IGNORECASE,
)  # fmt: skip


@dataclass(frozen=True)
class There:
    """What there is to be asked about."""

    files: tuple[FileFacts, ...]
    """Those of the conversation, in the order given, then those of its libraries."""
    given_now: tuple[str, ...]
    """source_ids of this turn."""
    in_libraries: frozenset[str]
    """source_ids that stand in libraries."""
    conversation: Conversation

    @property
    def own(self) -> tuple[FileFacts, ...]:
        return tuple(one for one in self.files if one.source_id not in self.in_libraries)


def understand(words: str, there: There, classifier: KindClassifier | None, tuning: AnswerTuning) -> Request:
    """The request that these words are; of several in one sentence, with its parts."""
    whole = _single(words, there, classifier, tuning)
    if classifier is None:
        return whole
    parts = _parts(words, there, classifier, tuning, whole)
    return replace(whole, parts=parts) if len(parts) > 1 else (parts[0] if parts else whole)


def commanded(words: str, kind: str, there: There, named: Sequence[str], asked: Form | None = None) -> Request:
    """What a command such as /summarise stands for: its kind is known. named: source_ids of the files it named."""
    parsed = to_parse(words)
    files, meant = (tuple(named), "named") if named else _subject(parsed, kind, there)
    form = asked or form_of(parsed)
    return Request(words, kind, "", language_of(words), files, meant, form=form)  # type: ignore[arg-type]


def _single(words: str, there: There, classifier: KindClassifier | None, tuning: AnswerTuning) -> Request:
    candidates = _candidates(words, there)
    scores = dict(classifier.scores(words, candidates)) if classifier is not None else {LOOKUP: 1.0}
    ranked = sorted(scores.items(), key=lambda one: -one[1])
    kind, sure = _chosen(ranked, there, tuning)
    parsed = to_parse(words)
    files, meant = _subject(parsed, kind, there)
    form = form_of(parsed)
    if kind == "translate" and not form.language:
        form = replace(form, language=language_asked(parsed, anywhere=True))
    return Request(
        words=words,
        kind=kind,
        facet=classifier.facet(words, kind) if classifier is not None else "",
        language=language_of(words),
        files=files,
        meant=meant,
        span=request_times.asked(parsed),
        pages=pages_of(parsed),
        form=form,
        points_back=points_back(parsed, there.conversation),
        scores=tuple((name, round(score, 3)) for name, score in ranked[:TOLD]),
        sure=sure,
    )


def _candidates(words: str, there: There) -> frozenset[str]:
    """The kinds that are possible; none of recordings where the words name another file ("what does the letter say?")."""
    found = possible(there.files, there.conversation)
    own = [] if there.given_now else there.own
    known = {one.source_id: one for one in own}
    spoken_of = {*subject.named(words, own), *subject.called(words, own), *subject.of_medium(words, own)}
    if not spoken_of or any(known[source_id].medium in subject.RECORDINGS for source_id in spoken_of):
        return found
    return frozenset(kind for kind in found if kind_named(kind).about != "recordings")


def _chosen(ranked: Sequence[tuple[str, float]], there: There, tuning: AnswerTuning) -> tuple[str, bool]:
    """The likeliest kind. Where two are near, the lookup, which copes with anything, if there are files to look in.

    What was handed over just now is meant: a kind that needs no file must be the surer then.
    """
    if not ranked:
        return LOOKUP, False
    kind, best = ranked[0]
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    needed = tuning.sure_beside_files if there.given_now and _of_nothing(kind) else tuning.sure
    sure = best >= needed and best - second >= tuning.margin
    if sure or kind == LOOKUP:
        return kind, sure
    if not there.files:
        return kind, False
    if way_for(kind) is way_for(LOOKUP):
        return LOOKUP, False  # of general knowledge or of the files, it is a question
    about = next(((one, score) for one, score in ranked if not _of_nothing(one)), (LOOKUP, 0.0))
    return (about[0], False) if about[1] >= tuning.least else (LOOKUP, False)


def _of_nothing(kind: str) -> bool:
    return kind_named(kind).about in ("nothing", "files if any")


def points_back(words: str, conversation: Conversation) -> bool:
    """Whether it needs the conversation to be understood ("and when is it due?")."""
    return bool(conversation.exchanges) and (len(tokens(words)) < 3 or bool(_POINTS_BACK.search(words)))


def _subject(words: str, kind: str, there: There) -> tuple[tuple[str, ...], Meant]:
    about = kind_named(kind).about
    if about == "answer":
        last = there.conversation.exchanges[-1]
        return last.files, "answer"
    own = there.own
    looked_up = way_for(kind) is way_for(LOOKUP)
    if about == "nothing" or (about == "files if any" and not own and not (looked_up and there.in_libraries)):
        return (), "none"
    answered = bool(there.conversation.exchanges)
    explicit = subject.named(words, there.files) or subject.by_number(words, own)
    if about == "files or answer" and answered and not there.given_now and not explicit:
        spoken_of = subject.called(words, own) or subject.of_medium(words, own)
        if not spoken_of and (kind == "translate" or not own):
            return there.conversation.exchanges[-1].files, "answer"
    if there.in_libraries and not there.given_now:
        if found := subject.named(words, there.files):
            return found, "named"
        if looked_up or not own:
            return (), "libraries"
    return subject.subject(words, own, there.given_now, there.conversation, about == "recordings")


def _parts(
    words: str, there: There, classifier: KindClassifier, tuning: AnswerTuning, whole: Request
) -> tuple[Request, ...]:
    """Several requests of different kinds in one sentence; none where it is one."""
    for cut in (_ENDS, _THEN, _BREAK):
        pieces = [piece.strip() for piece in cut.split(words) if piece and len(piece.strip()) >= SHORTEST]
        if not 2 <= len(pieces) <= MOST_PARTS:
            continue
        single = [_single(piece, there, classifier, tuning) for piece in pieces]
        asking = [one for one in single if one.kind != "small_talk"] or single[:1]
        if cut is not _ENDS and len(asking) < len(single):
            continue  # "write a note to my teacher, I was sick": it belongs to what is asked
        if len(asking) == 1 and len(single) > 1:  # a greeting before a question is no request of its own
            begins = words.find(asking[0].words)
            return (replace(asking[0], words=words[begins:].strip()),)
        if sum(kind_named(one.kind).asks for one in asking) > 1:
            continue  # one question in two halves, which a lookup answers together
        if _differ(asking) and _are_several(asking, whole, tuning, cut):
            return tuple(_carried(asking, whole))
    return ()


def _are_several(parts: Sequence[Request], whole: Request, tuning: AnswerTuning, cut: re.Pattern[str]) -> bool:
    """Whether each part is a request, and is heard in the whole sentence beside the others.

    "The date, I must sign this" asks one thing alone: no question is heard in the whole of it. What follows a mere
    comma must be clearer than what follows an "and"; so must a question, for whatever is like nothing is taken for one.
    """
    if cut is _ENDS:
        return all(one.sure and one.scores[0][1] >= tuning.sure_part for one in parts)
    loud = dict(whole.scores)
    if cut is _THEN and any(kind_named(one.kind).exact for one in parts) and _stand_beside(parts, loud, tuning):
        return True
    least, heard = (tuning.part, tuning.heard) if cut is _THEN else (tuning.part_at_comma, tuning.heard_at_comma)
    return all(
        one.scores[0][1] >= (max(least, tuning.question_part) if one.kind == LOOKUP else least)
        and loud.get(one.kind, 0.0) >= (max(heard, tuning.heard_at_comma) if one.kind == LOOKUP else heard)
        for one in parts
    )


def _stand_beside(parts: Sequence[Request], loud: Mapping[str, float], tuning: AnswerTuning) -> bool:
    """Whether what is known without the files' words is asked for, and something else. A mere "and when?" is no more
    than its other half makes of it."""
    return all(
        (own := one.scores[0][1]) >= tuning.clear_part
        or (own >= tuning.beside_exact and loud.get(one.kind, 0.0) >= tuning.heard_beside_exact)
        for one in parts
    ) and not any(one.kind == LOOKUP and _is_word(one.words) for one in parts)


def _differ(parts: Sequence[Request]) -> bool:
    """Whether each is of another kind; of what is known exactly it may be another facet. A single word of the same kind
    only says its neighbour again."""
    if len({one.kind for one in parts}) == len(parts):
        return True
    return all(kind_named(one.kind).exact and not _is_word(one.words) for one in parts) and len(
        {(one.kind, one.facet) for one in parts}
    ) == len(parts)


def _is_word(words: str) -> bool:
    return len(words if is_cjk(words) else words.split()) < SHORTEST


def _carried(single: Sequence[Request], whole: Request) -> list[Request]:
    """What the first part means, the later ones mean too, where they name nothing themselves."""
    carried = [single[0]]
    for one in single[1:]:
        named = one.meant in ("named", "ordinal", "medium") or _of_nothing(one.kind)
        carried.append(one if named else replace(one, files=single[0].files or whole.files, meant=single[0].meant))
    return carried
