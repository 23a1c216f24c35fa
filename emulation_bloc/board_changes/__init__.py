"""The pages on which the secretariat records changes of boards and how a year continues.

They are in the project because their previews ask every app.
"""
