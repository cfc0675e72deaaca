"""What the window shows. Edit it while the window is open."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import tkinter

    from main import State

WIDTH, HEIGHT = 320, 240
BACKGROUND = "#102030"
COLOR = "#ffcc00"


def picture(canvas: tkinter.Canvas, state: State) -> None:
    canvas.create_rectangle(0, 0, WIDTH, HEIGHT, fill=BACKGROUND, outline="")
    for row in range(8):
        bar(canvas, row, (row + state.scroll) % 8)
    canvas.create_text(WIDTH / 2, HEIGHT - 14, text=f"line {state.scroll}: {state.text}", fill="white")


def bar(canvas: tkinter.Canvas, row: int, value: int) -> None:
    top = 12 + row * 24
    canvas.create_rectangle(16, top, 48 + value * 32, top + 16, fill=COLOR, outline="")
