import sys


class Output:
    def __init__(self):
        self.say = sys.stderr.write


output = Output()
