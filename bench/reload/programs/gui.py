"""A window's loop: a thread draws frames, and holds the function that does and a widget."""

import threading

EDITED = "draw"
SOURCE = '''
LIMIT = {limit}


class Widget:
    def paint(self, canvas):
        canvas.append({method})


def frame(widget, canvas):
    canvas.append({body})
    widget.paint(canvas)
    canvas.append(LIMIT)
'''


class Program:
    def __init__(self, executor):
        from draw import Widget, frame

        self.frame, self.widget = frame, Widget()
        self.picture = threading.Condition()
        self.drawn, self.canvas = 0, []
        self.is_open = True
        self.thread = threading.Thread(target=self.loop, daemon=True)
        self.thread.start()

    def loop(self):
        while self.is_open:
            canvas = []
            self.frame(self.widget, canvas)
            with self.picture:
                self.drawn, self.canvas = self.drawn + 1, canvas
                self.picture.notify_all()
                self.picture.wait(0.016)

    def ask(self):
        with self.picture:
            seen = self.drawn + 1  # One that was begun after the question.
            self.picture.wait_for(lambda: self.drawn > seen)
            return self.canvas

    def stop(self):
        self.is_open = False
        self.thread.join()
