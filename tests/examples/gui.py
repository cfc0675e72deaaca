"""Looks at the window of `examples/gui` on a display of its own: gui.py FOLDER [KEEP]. Its draw.py is edited."""

import os
import subprocess
import sys
import time

import tkinter

FOLDER = sys.argv[1]
KEEP = sys.argv[2] if len(sys.argv) > 2 else None
sys.path.insert(0, FOLDER)
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "clients", "python"))
import baton  # noqa: E402
import draw  # noqa: E402
import main  # noqa: E402

os.utime(draw.__file__, (1, 1))
app = baton.join()
app.hot("draw")
state = main.State()
window = main.Window(app, state)


def show(name):
    for _ in range(3):
        window.frame()
        window.root.update()
    if KEEP:
        time.sleep(0.2)
        window.root.update()
        subprocess.run(["import", "-window", "root", f"{KEEP}/{name}.png"], check=True)
    return sorted({window.canvas.itemcget(each, "fill") for each in window.canvas.find_all()})


def edit(old, new):
    with open(draw.__file__) as file:
        text = file.read()
    assert old in text
    with open(draw.__file__, "w") as file:
        file.write(text.replace(old, new))
    window.root.event_generate("<F5>")
    window.root.update()


window.entry.insert(0, "typed")
window.root.update()
for _ in range(3):
    window.scroll(1)
window_id = window.root.winfo_id()
before = show("1-before")
assert "#ffcc00" in before and "#b00020" not in before, before

edit('COLOR = "#ffcc00"', 'COLOR = "#00cc88"')
edit("top + 16", "top + 8")
assert app.reload_error is None, app.reload_error
after = show("2-edited")
assert "#00cc88" in after and "#ffcc00" not in after, after

edit("def bar(", "def bar((")
broken = show("3-broken")
assert "#b00020" in broken and "#00cc88" in broken, broken
assert "SyntaxError" in app.reload_error and 'draw.py", line' in app.reload_error, app.reload_error

edit("def bar((", "def bar(")
mended = show("4-mended")
assert "#b00020" not in mended and "#00cc88" in mended, mended

assert window.root.winfo_id() == window_id
assert (state.scroll, window.entry.get(), state.text) == (3, "typed", "typed")
assert isinstance(window.root, tkinter.Tk)
print("good")
