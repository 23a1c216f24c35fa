class Refusal(Exception):
    """An act that cannot be done now. Its text is a sentence for the person who tried."""
