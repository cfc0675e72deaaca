"""A window that stays open while its drawing is edited: `baton -- python3 examples/gui/main.py`.

Without baton it runs as well; F5 takes what has been saved.
"""

import tkinter

import baton
import draw


class State:
    """What an edit of `draw.py` leaves alone."""

    def __init__(self) -> None:
        self.scroll = 0
        self.text = ""


class Window:
    def __init__(self, app: baton.App, state: State) -> None:
        self.app = app
        self.state = state
        self.root = tkinter.Tk()
        self.root.title("baton")
        self.canvas = tkinter.Canvas(self.root, width=draw.WIDTH, height=draw.HEIGHT)
        self.canvas.pack()
        self.entry = tkinter.Entry(self.root)
        self.entry.insert(0, state.text)
        self.entry.pack(fill="x")
        self.root.bind("<MouseWheel>", lambda event: self.scroll(1 if event.delta < 0 else -1))
        self.root.bind("<Button-5>", lambda event: self.scroll(1))
        self.root.bind("<Button-4>", lambda event: self.scroll(-1))
        self.root.bind("<F5>", lambda event: self.app.reload())
        self.frame()

    def scroll(self, lines: int) -> None:
        self.state.scroll += lines

    def frame(self) -> None:
        self.state.text = self.entry.get()
        self.canvas.delete("all")
        try:
            draw.picture(self.canvas, self.state)
        except Exception as error:
            draw_error(self.canvas, f"{type(error).__name__}: {error}")
        if self.app.reload_error:
            draw_error(self.canvas, self.app.reload_error)
        self.root.after(16, self.frame)


def draw_error(canvas: tkinter.Canvas, text: str) -> None:
    width, height = int(canvas["width"]), int(canvas["height"])
    canvas.create_rectangle(0, 0, width, height, fill="#b00020", stipple="gray50", outline="")
    canvas.create_text(8, height - 8, text=text, anchor="sw", fill="white", width=width - 16)


def main() -> None:
    app = baton.join()
    app.hot("draw")
    state = State()
    state.__dict__.update(app.restore({}))
    window = Window(app, state)
    app.component("window", lambda: window.root.after(0, window.root.quit))
    app.on_save(lambda: vars(state))
    app.ready()
    window.root.mainloop()


if __name__ == "__main__":
    main()
