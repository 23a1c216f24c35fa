class Refusal(Exception):
    """An act cannot be done now. The text is a sentence for the user."""
