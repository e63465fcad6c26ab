"""Formulas of spreadsheets that nobody has computed, where they are as simple as most: sums, shares, differences.

Whatever is not wholly understood is not computed: no value is guessed. Knows no file.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, DecimalException, localcontext
from typing import Any, NamedTuple

_DEEPEST = 40  # formulas that need one another, and parentheses inside one another
_MOST_STEPS = 1_000_000  # values that are looked at, over all formulas of a file
_LONGEST = 2_000  # characters
_PRECEDENCE = {"=": 1, "<>": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5}

Value = Decimal | str | bool | None


class NotComputed(Exception):
    """It is not as simple as that."""


class _TooDeep(NotComputed):
    """Asked for by itself it may be."""


class At(NamedTuple):
    """A cell: row from 1, column from 0."""

    sheet: str
    row: int
    column: int


@dataclass
class Formulas:
    """values: of the cells that have some. formulas: of those that have none, each as "=A1+1"."""

    values: dict[At, Value]
    formulas: dict[At, str]
    _known: dict[At, Value | NotComputed] = field(default_factory=dict)
    _steps: int = 0
    _depth: int = 0

    def compute(self, at: At) -> Value:
        """Raises NotComputed."""
        known = self._known.get(at)
        if known is None:
            self._known[at] = NotComputed()  # what needs itself has no value
            known = self._known[at] = self._tried(at)
        if isinstance(known, _TooDeep):
            del self._known[at]
        if isinstance(known, NotComputed):
            raise known
        return known

    def _tried(self, at: At) -> Value | NotComputed:
        from openpyxl.formula import Tokenizer
        from openpyxl.formula.tokenizer import TokenizerError
        from openpyxl.utils.exceptions import CellCoordinatesException

        formula = self.formulas.get(at, "")
        if self._depth >= _DEEPEST:
            return _TooDeep()
        if not 1 < len(formula) <= _LONGEST:
            return NotComputed()
        self._depth += 1
        try:
            items = [item for item in Tokenizer(formula).items if item.type != "WHITE-SPACE"]
            with localcontext() as context:
                context.prec = 34
                value = _Parser(items, at, self).whole()
                return NotComputed() if _is_too_large(value) else value
        except NotComputed as error:
            return error
        except (TokenizerError, CellCoordinatesException, DecimalException, ValueError, IndexError):
            return NotComputed()
        finally:
            self._depth -= 1

    def of(self, at: At) -> Value:
        self.step()
        return self.compute(at) if at in self.formulas else self.values.get(at)

    def step(self, count: int = 1) -> None:
        self._steps += count
        if self._steps > _MOST_STEPS:
            raise NotComputed


def _is_too_large(value: Value) -> bool:
    if isinstance(value, Decimal):
        return not value.is_finite() or abs(value.adjusted()) > 300
    return isinstance(value, str) and len(value) > _LONGEST


class _Parser:
    """A formula from its tokens, by precedence climbing. A range is a list of values."""

    def __init__(self, items: Sequence[Any], at: At, cells: Formulas) -> None:
        self._items, self._at, self._cells = items, at, cells
        self._next, self._depth = 0, 0

    def whole(self) -> Value:
        value = _single(self._operation(0))
        if self._next != len(self._items):
            raise NotComputed
        return Decimal(0) if value is None else value  # of an empty cell

    def _peek(self) -> Any:
        return self._items[self._next] if self._next < len(self._items) else None

    def _take(self) -> Any:
        self._next += 1
        return self._items[self._next - 1]

    def _operation(self, least: int) -> Any:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise NotComputed
        left = self._operand()
        while (item := self._peek()) is not None and item.type == "OPERATOR-INFIX":
            rank = _PRECEDENCE.get(item.value)
            if rank is None:
                raise NotComputed
            if rank <= least:
                break
            self._take()
            left = _combined(item.value, _single(left), _single(self._operation(rank)))
        self._depth -= 1
        return left

    def _operand(self) -> Any:
        item = self._take()
        match item.type, item.subtype:
            case "OPERATOR-PREFIX", _:
                value = _number(_single(self._operation(5)))  # a sign binds more than anything else
                result: Any = -value if item.value == "-" else value
            case "PAREN", "OPEN":
                result = self._operation(0)
                self._close()
            case "FUNC", "OPEN":
                result = self._function(item.value.rstrip("(").upper().removeprefix("_XLFN."))
            case "OPERAND", "NUMBER":
                result = Decimal(item.value)
            case "OPERAND", "TEXT":
                result = item.value[1:-1].replace('""', '"')
            case "OPERAND", "LOGICAL":
                result = item.value.upper() == "TRUE"
            case "OPERAND", "RANGE":
                result = self._range(item.value)
            case _:
                raise NotComputed
        while (after := self._peek()) is not None and after.type == "OPERATOR-POSTFIX":
            self._take()
            result = _number(_single(result)) / 100
        return result

    def _close(self) -> None:
        item = self._take()
        if item.subtype != "CLOSE":
            raise NotComputed

    def _function(self, name: str) -> Any:
        given: list[Any] = []
        while (item := self._peek()) is not None and item.subtype != "CLOSE":
            given.append(self._operation(0))
            if (item := self._peek()) is not None and item.type == "SEP":
                self._take()
        self._close()
        known = _FUNCTIONS.get(name)
        if known is None:
            raise NotComputed
        return known(given)

    def _range(self, said: str) -> Any:
        sheet, _, cells = said.rpartition("!")
        sheet = sheet.strip("'").replace("''", "'") or self._at.sheet
        ends = [_cell(end) for end in cells.split(":")]
        if len(ends) == 1:
            return self._cells.of(At(sheet, *ends[0]))
        if len(ends) != 2:
            raise NotComputed
        (top, left), (bottom, right) = ends
        self._cells.step(abs(bottom - top) + 1)
        if (abs(bottom - top) + 1) * (abs(right - left) + 1) > _MOST_STEPS:
            raise NotComputed
        return [
            self._cells.of(At(sheet, row, column))
            for row in range(min(top, bottom), max(top, bottom) + 1)
            for column in range(min(left, right), max(left, right) + 1)
        ]


def _cell(said: str) -> tuple[int, int]:
    from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

    letters, row = coordinate_from_string(said)  # raises for names, whole columns and the like
    return row, column_index_from_string(letters) - 1


def _single(value: Any) -> Value:
    if isinstance(value, list):
        raise NotComputed
    one: Value = value
    return one


def _number(value: Value) -> Decimal:
    match value:
        case None:
            return Decimal(0)
        case bool():
            return Decimal(int(value))
        case Decimal():
            return value
        case _:
            raise NotComputed


def _combined(sign: str, left: Value, right: Value) -> Value:
    if _is_too_large(left) or _is_too_large(right):
        raise NotComputed
    match sign:
        case "&":
            if any(isinstance(one, Decimal) and one != one.to_integral_value() for one in (left, right)):
                raise NotComputed  # how many of its digits are shown is not known
            return "".join(
                "" if one is None else f"{one:f}" if isinstance(one, Decimal) else str(one) for one in (left, right)
            )
        case "+":
            return _number(left) + _number(right)
        case "-":
            return _number(left) - _number(right)
        case "*":
            return _number(left) * _number(right)
        case "/":
            return _number(left) / _number(right)
        case "^":
            power = _number(right)
            if abs(power) > 100:
                raise NotComputed
            return _number(left) ** power
        case _:
            return _compared(sign, left, right)


def _compared(sign: str, left: Value, right: Value) -> bool:
    one: Any
    other: Any
    if isinstance(left, str) and isinstance(right, str):
        one, other = left.casefold(), right.casefold()
    else:
        one, other = _number(left), _number(right)
    return bool({"=": one == other, "<>": one != other, "<": one < other, ">": one > other, "<=": one <= other,
                 ">=": one >= other}[sign])  # fmt: skip


def _numbers(given: Sequence[Any]) -> list[Decimal]:
    """Of ranges only those that are numbers, as spreadsheets have it."""
    found: list[Decimal] = []
    for one in given:
        if isinstance(one, list):
            found += [value for value in one if isinstance(value, Decimal)]
        else:
            found.append(_number(one))
    return found


def _values(given: Sequence[Any]) -> Iterator[Value]:
    for one in given:
        yield from one if isinstance(one, list) else [one]


def _average(given: Sequence[Any]) -> Decimal:
    numbers = _numbers(given)
    return sum(numbers, Decimal(0)) / len(numbers)


def _product(given: Sequence[Any]) -> Decimal:
    product = Decimal(1)
    for number in _numbers(given):
        product *= number
    return product


def _rounded(given: Sequence[Any]) -> Decimal:
    number, places = _number(_single(given[0])), int(_number(_single(given[1])))
    if abs(places) > 15 or len(given) != 2:
        raise NotComputed
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _either(given: Sequence[Any]) -> Value:
    if not 2 <= len(given) <= 3:
        raise NotComputed
    return _single(given[1] if _number(_single(given[0])) else given[2] if len(given) == 3 else False)


_FUNCTIONS: dict[str, Callable[[Sequence[Any]], Any]] = {
    "SUM": lambda given: sum(_numbers(given), Decimal(0)),
    "AVERAGE": _average,
    "MIN": lambda given: min(_numbers(given), default=Decimal(0)),
    "MAX": lambda given: max(_numbers(given), default=Decimal(0)),
    "COUNT": lambda given: Decimal(len(_numbers(given))),
    "COUNTA": lambda given: Decimal(sum(value is not None for value in _values(given))),
    "PRODUCT": _product,
    "ROUND": _rounded,
    "ABS": lambda given: abs(_number(_single(given[0]))),
    "IF": _either,
}
