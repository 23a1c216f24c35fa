"""The demo bloc: the real founding year of 2019, and a sample year in the middle of signing.

Names of boards, the head's leader and the articles of 2019 are facts; every other name and
figure is a sample and says so. All of it goes through the same acts as the browser.
"""
