"""The pages on which the secretariat records what became of boards, and how a year goes on.

They stand in the project because their previews join what every app keeps for a board.
"""
