"""What the rows of the table have in common."""


class Row:
    """One attack on one relay: what it did, and whether that is right."""

    def __init__(self, group, attack, result, is_right, right):
        self.group, self.attack, self.result = group, attack, result
        self.is_right, self.right = is_right, right
