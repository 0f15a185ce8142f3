"""What we say. `render` makes a letter from a folder of templates; a courier carries it."""

from letters.model import Courier, CourierError, Letter

__all__ = ["Courier", "CourierError", "Letter"]
