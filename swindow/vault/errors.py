"""What can go wrong with a sealed value; none of these ever carries the value."""


class KeysMissing(Exception):
    """The environment names no usable keys; the text says which variable and what to put there."""


class Unreadable(Exception):
    """A sealed value was altered, moved to another place, or is of a key that is not here."""


class Forgotten(Exception):
    """The subject's key was destroyed: nothing can be sealed for it again."""
