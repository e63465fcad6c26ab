"""Equations of Office files (OMML, ECMA-376 part 1, 22.1) as a line of text and as LaTeX."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_DEEPEST = 60
_LONGEST = 4_000  # characters
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_LATEX = {
    "·": r"\cdot ", "×": r"\times ", "÷": r"\div ", "±": r"\pm ", "∓": r"\mp ", "≤": r"\leq ", "≥": r"\geq ",
    "≠": r"\neq ", "≈": r"\approx ", "≡": r"\equiv ", "∼": r"\sim ", "∝": r"\propto ", "∞": r"\infty ",
    "→": r"\to ", "⇒": r"\Rightarrow ", "⇔": r"\Leftrightarrow ", "∈": r"\in ", "∉": r"\notin ", "⊂": r"\subset ",
    "∪": r"\cup ", "∩": r"\cap ", "∀": r"\forall ", "∃": r"\exists ", "∂": r"\partial ", "∇": r"\nabla ",
    "∑": r"\sum ", "∏": r"\prod ", "∫": r"\int ", "∬": r"\iint ", "∮": r"\oint ", "√": r"\sqrt ", "…": r"\ldots ",
    "⋯": r"\cdots ", "°": r"^{\circ}", "−": "-", "%": r"\%", "&": r"\&", "#": r"\#", "α": r"\alpha ", "β": r"\beta ",
    "γ": r"\gamma ", "δ": r"\delta ", "ε": r"\varepsilon ", "ϵ": r"\epsilon ", "ζ": r"\zeta ", "η": r"\eta ",
    "θ": r"\theta ", "ι": r"\iota ", "κ": r"\kappa ", "λ": r"\lambda ", "μ": r"\mu ", "ν": r"\nu ", "ξ": r"\xi ",
    "π": r"\pi ", "ρ": r"\rho ", "σ": r"\sigma ", "τ": r"\tau ", "υ": r"\upsilon ", "φ": r"\varphi ", "ϕ": r"\phi ",
    "χ": r"\chi ", "ψ": r"\psi ", "ω": r"\omega ", "Γ": r"\Gamma ", "Δ": r"\Delta ", "Θ": r"\Theta ",
    "Λ": r"\Lambda ", "Ξ": r"\Xi ", "Π": r"\Pi ", "Σ": r"\Sigma ", "Φ": r"\Phi ", "Ψ": r"\Psi ", "Ω": r"\Omega ",
}  # fmt: skip
_ACCENTS = {"\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u0305": "bar", "\u0307": "dot", "\u0308": "ddot",
            "\u20d7": "vec"}  # fmt: skip
_FUNCTIONS = frozenset("sin cos tan cot sec csc sinh cosh tanh arcsin arccos arctan log ln exp lim max min det".split())


def words(equation: Any) -> str:
    """ "F=0.42·v^2 (LaTeX: F=0.42\\cdot v^{2})"; without the LaTeX where that says no more. "" of an empty one."""
    plain = " ".join(_Writer(_Plain()).write(equation, 0).split())
    latex = " ".join(_Writer(_Latex()).write(equation, 0).split())
    if not plain:
        return ""
    same = plain.replace(" ", "") == latex.replace(" ", "")
    return plain[:_LONGEST] if same or len(latex) > _LONGEST else f"{plain[:_LONGEST]} (LaTeX: {latex})"


class _Plain:
    """As one types it in a line."""

    def text(self, text: str) -> str:
        return text

    def fraction(self, above: str, below: str) -> str:
        return f"{_grouped(above)}/{_grouped(below)}"

    def stacked(self, above: str, below: str) -> str:
        return f"({above} over {below})"

    def scripts(self, base: str, lower: str, upper: str) -> str:
        return base + (f"_{_grouped(lower)}" if lower else "") + (f"^{_grouped(upper)}" if upper else "")

    def root(self, degree: str, of: str) -> str:
        return f"{degree}√({of})" if len(of) > 1 else f"{degree}√{of}"

    def many(self, sign: str, lower: str, upper: str, of: str) -> str:
        return f"{self.scripts(sign, lower, upper)} {of}"

    def fenced(self, left: str, right: str, inner: str) -> str:
        return f"{left}{inner}{right}"

    def function(self, name: str, of: str) -> str:
        return f"{name}{of}" if of.startswith(("(", "[")) else f"{name} {of}"

    def accented(self, sign: str, of: str) -> str:
        return f"{of}{sign}" if len(of) == 1 else f"({of}){sign}"

    def rows(self, rows: list[list[str]], aligned: bool) -> str:
        lines = ["  ".join(row) for row in rows] if aligned else [", ".join(row) for row in rows]
        return "; ".join(lines) if aligned else f"[{'; '.join(lines)}]"


class _Latex:
    def text(self, text: str) -> str:
        return "".join(_LATEX.get(letter, letter) for letter in text)

    def fraction(self, above: str, below: str) -> str:
        return rf"\frac{{{above}}}{{{below}}}"

    def stacked(self, above: str, below: str) -> str:
        return rf"\binom{{{above}}}{{{below}}}"

    def scripts(self, base: str, lower: str, upper: str) -> str:
        base = base.strip() if len(base.strip()) < 2 or base.startswith("\\") else f"{{{base}}}"
        return base + (f"_{{{lower}}}" if lower else "") + (f"^{{{upper}}}" if upper else "")

    def root(self, degree: str, of: str) -> str:
        return rf"\sqrt[{degree}]{{{of}}}" if degree else rf"\sqrt{{{of}}}"

    def many(self, sign: str, lower: str, upper: str, of: str) -> str:
        return f"{self.scripts(self.text(sign), lower, upper)} {of}"

    def fenced(self, left: str, right: str, inner: str) -> str:
        sides = [
            {"{": r"\{", "}": r"\}", "⌊": r"\lfloor ", "⌋": r"\rfloor "}.get(one, one or ".") for one in (left, right)
        ]
        return rf"\left{sides[0]}{inner}\right{sides[1]}"

    def function(self, name: str, of: str) -> str:
        bare, _, rest = name.partition("_")
        known = f"\\{bare}" if bare in _FUNCTIONS else bare
        return f"{known}{'_' if rest else ''}{rest} {of}" if not name.startswith("\\") else f"{name} {of}"

    def accented(self, sign: str, of: str) -> str:
        return rf"\{_ACCENTS.get(sign, 'hat')}{{{of}}}"

    def rows(self, rows: list[list[str]], aligned: bool) -> str:
        kind = "aligned" if aligned else "matrix"
        inner = r" \\ ".join(" & ".join(row) for row in rows)
        return rf"\begin{{{kind}}}{inner}\end{{{kind}}}"


@dataclass
class _Writer:
    style: _Plain | _Latex

    def write(self, element: Any, depth: int) -> str:
        """An element with all that it holds."""
        if depth > _DEEPEST or not isinstance(element.tag, str):
            return ""
        name = element.tag.rpartition("}")[2]
        if name.endswith("Pr") or name in ("del", "moveFrom"):
            return ""
        if name == "t":
            return self.style.text(element.text or "")
        if element.tag.startswith(_MATH) and (known := self._known().get(name)) is not None:
            return known(element, depth)
        return "".join(self.write(child, depth + 1) for child in element)

    def _known(self) -> dict[str, Callable[[Any, int], str]]:
        return {
            "f": self._fraction,
            "sSup": self._scripts,
            "sSub": self._scripts,
            "sSubSup": self._scripts,
            "sPre": self._scripts_before,
            "rad": self._root,
            "nary": self._many,
            "d": self._fenced,
            "func": self._function,
            "limLow": self._limit,
            "limUpp": self._limit,
            "acc": self._accented,
            "bar": self._accented,
            "m": self._matrix,
            "eqArr": self._lines,
        }

    def _part(self, of: Any, name: str, depth: int) -> str:
        child = of.find(f"{_MATH}{name}")
        return self.write(child, depth + 1).strip() if child is not None else ""

    def _fraction(self, of: Any, depth: int) -> str:
        above, below = self._part(of, "num", depth), self._part(of, "den", depth)
        stacked = _said(of, "fPr", "type") == "noBar"
        return self.style.stacked(above, below) if stacked else self.style.fraction(above, below)

    def _scripts(self, of: Any, depth: int) -> str:
        parts = [self._part(of, name, depth) for name in ("e", "sub", "sup")]
        return self.style.scripts(*parts)

    def _scripts_before(self, of: Any, depth: int) -> str:
        lower, upper = self._part(of, "sub", depth), self._part(of, "sup", depth)
        return self.style.scripts("", lower, upper) + self._part(of, "e", depth)

    def _root(self, of: Any, depth: int) -> str:
        return self.style.root(self._part(of, "deg", depth), self._part(of, "e", depth))

    def _many(self, of: Any, depth: int) -> str:
        sign = _said(of, "naryPr", "chr") or "∫"
        parts = [self._part(of, name, depth) for name in ("sub", "sup", "e")]
        return self.style.many(sign, *parts)

    def _fenced(self, of: Any, depth: int) -> str:
        left, right, between = (_said(of, "dPr", f"{name}Chr", default) for name, default in _FENCES)
        inner = between.join(self.write(one, depth + 1).strip() for one in of.findall(f"{_MATH}e"))
        return self.style.fenced(left, right, inner)

    def _function(self, of: Any, depth: int) -> str:
        return self.style.function(self._part(of, "fName", depth), self._part(of, "e", depth))

    def _limit(self, of: Any, depth: int) -> str:
        base, limit = self._part(of, "e", depth), self._part(of, "lim", depth)
        if isinstance(self.style, _Latex) and base in _FUNCTIONS:
            base = f"\\{base}"
        below = of.tag.endswith("limLow")
        return self.style.scripts(base, limit if below else "", "" if below else limit)

    def _accented(self, of: Any, depth: int) -> str:
        sign = _said(of, "accPr", "chr") or ("\u0305" if of.tag.endswith("bar") else "\u0302")
        return self.style.accented(sign, self._part(of, "e", depth))

    def _matrix(self, of: Any, depth: int) -> str:
        rows = [
            [self.write(cell, depth + 1).strip() for cell in row.findall(f"{_MATH}e")]
            for row in of.findall(f"{_MATH}mr")
        ]
        return self.style.rows(rows, aligned=False)

    def _lines(self, of: Any, depth: int) -> str:
        rows = [[self.write(line, depth + 1).strip().replace("&", "")] for line in of.findall(f"{_MATH}e")]
        return self.style.rows(rows, aligned=True)


_FENCES = (("beg", "("), ("end", ")"), ("sep", "|"))


def _said(of: Any, properties: str, name: str, default: str = "") -> str:
    found = of.find(f"{_MATH}{properties}/{_MATH}{name}")
    said = found.get(f"{_MATH}val") if found is not None else None
    return said if said is not None else default


def _grouped(text: str) -> str:
    """In parentheses, where it is more than one number or name."""
    return text if text.isalnum() or text.replace(".", "").isdigit() or len(text) < 2 else f"({text})"
