"""The demo bloc: the real year 2019, and a sample of the present year during signing.

Names of boards, the head's leader and the articles of 2019 are facts; every other name and figure
is a sample and marked as such. Everything is made with the same acts that the pages use.
"""
