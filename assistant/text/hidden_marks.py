"""How the text of a file marks what nobody sees who opens it: rows, columns, sheets and slides that are hidden."""

HIDDEN_ROW = "(hidden row)"
HIDDEN_SHEET = "(hidden sheet)"
HIDDEN_SLIDE = "(hidden slide)"
HIDDEN_COLUMN = "(hidden column)"  # behind its header
OF_LINE = (HIDDEN_ROW, HIDDEN_SHEET)
"""Those that stand as a last cell of a line."""
