"""Tables as people really keep them."""
from benchmarks.made_tables import MadeTable
def odd_tables() -> dict[str, MadeTable]:
    return {}
