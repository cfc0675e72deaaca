"""Enums that are taken in place: members that are new, and what looks like it and is refused."""

import pickle
import sys
import unittest

from project import ProjectTest

COLOR = """
    import enum

    class Color(enum.Enum):
        RED = "red"
        GREEN = "green"
"""
ADDED = COLOR.replace('        GREEN', '        BLUE = "blue"\n        GREEN')


class AddedMembers(ProjectTest):
    def test_those_that_were_there_stay_and_all_are_in_the_order_of_the_source(self):
        gui = self.load("gui", COLOR)
        user = self.load("user", "from <gui> import Color\ndef first():\n    return Color.RED\n")
        red, kind = gui.Color.RED, gui.Color
        self.write("gui", ADDED)
        self.takes()
        self.assertIs(gui.Color, kind)
        self.assertIs(user.first(), red)
        self.assertIs(gui.Color.RED, red)
        self.assertEqual([each.name for each in user.Color], ["RED", "BLUE", "GREEN"])
        blue = gui.Color.BLUE
        self.assertIs(type(blue), kind)
        self.assertIs(kind("blue"), blue)
        self.assertIs(kind["BLUE"], blue)
        self.assertIs(kind("red"), red)
        self.assertIn(blue, kind)
        self.assertEqual((repr(blue), str(blue), blue.name), ("<Color.BLUE: 'blue'>", "Color.BLUE", "BLUE"))
        self.assertIs(pickle.loads(pickle.dumps(blue)), blue)
        self.assertEqual(list(kind.__members__), ["RED", "BLUE", "GREEN"])
        self.assertEqual(len(kind), 3)

    def test_what_was_made_of_all_members_has_the_new_one(self):
        gui = self.load("gui", COLOR + """
    ALL = set(Color)
    TABLE = {Color.GREEN: 1, Color.RED: 2}
    class Adder:
        names = [each.name for each in Color]
        def __init__(self, which=ALL):
            self.which = which
""")
        user = self.load("user", "import <gui>\nfrom <gui> import Color\nCOUNT = len(Color)\nBY_NAME = {each.name: each for each in <gui>.Color}\n")
        self.write("gui", ADDED + """
    ALL = set(Color)
    TABLE = {Color.GREEN: 1, Color.BLUE: 3, Color.RED: 2}
    class Adder:
        names = [each.name for each in Color]
        def __init__(self, which=ALL):
            self.which = which
""")
        self.takes()
        kind = gui.Color
        self.assertEqual(gui.ALL, set(kind))
        self.assertEqual(gui.Adder().which, set(kind))
        self.assertEqual(gui.Adder.names, ["RED", "BLUE", "GREEN"])
        self.assertEqual(list(gui.TABLE.items()), [(kind.GREEN, 1), (kind.BLUE, 3), (kind.RED, 2)])
        self.assertEqual(gui.TABLE[kind.RED], 2)
        self.assertEqual(user.COUNT, 3)
        self.assertIs(user.BY_NAME["BLUE"], kind.BLUE)

    def test_what_was_made_of_all_members_by_way_of_another_module(self):
        self.load("gui", COLOR)
        self.load("part", "from <gui> import Color\n")
        user = self.load("user", "from <part> import Color\nNAMES = [each.name for each in Color]\n")
        self.write("gui", ADDED)
        self.takes()
        self.assertEqual(user.NAMES, ["RED", "BLUE", "GREEN"])

    def test_another_name_of_a_member(self):
        gui = self.load("gui", COLOR)
        self.write("gui", COLOR + '        ROT = "red"\n')
        self.takes()
        self.assertIs(gui.Color.ROT, gui.Color.RED)
        self.assertEqual(list(gui.Color), [gui.Color.RED, gui.Color.GREEN])

    def test_all_is_put_back_where_something_else_is_refused(self):
        gui = self.load("gui", COLOR + "    class Point:\n        __slots__ = ('x',)\n")
        self.write("gui", ADDED + "    class Point:\n        __slots__ = ('x', 'y')\n")
        self.refuses("slots")
        self.assertEqual([each.name for each in gui.Color], ["RED", "GREEN"])
        self.assertFalse(hasattr(gui.Color, "BLUE"))
        self.assertRaises(ValueError, gui.Color, "blue")

    def test_nothing_is_done_twice_by_a_method_that_is_new(self):
        gui = self.load("gui", COLOR + "    FIRST = Color.RED\n")
        red = gui.Color.RED
        self.write("gui", COLOR + "        def loud(self):\n            return self.name + '!'\n    FIRST = Color.RED\n")
        self.takes()
        self.assertIs(gui.Color.RED, red)
        self.assertEqual(red.loud(), "RED!")


class Refused(ProjectTest):
    def changes(self, before, after, *words):
        self.load("gui", before)
        self.write("gui", after)
        self.refuses(*words)

    def test_a_member_that_is_gone(self):
        self.changes(ADDED, COLOR, "members of the enum")

    def test_a_value_that_is_another(self):
        self.changes(COLOR, ADDED.replace('"green"', '"grün"'), "members of the enum")

    def test_a_value_of_another_kind(self):
        text = "    import enum\n    class Level(enum.Enum):\n        LOW = 1\n"
        self.changes(text, text.replace("1", "True") + "        HIGH = 3\n", "members of the enum")

    def test_another_order(self):
        after = COLOR.replace('        RED = "red"\n', "") + '        RED = "red"\n        BLUE = "blue"\n'
        self.changes(COLOR, after, "members of the enum")

    def test_values_that_count(self):
        text = "    import enum\n    class Level(enum.Enum):\n        LOW = enum.auto()\n        HIGH = enum.auto()\n"
        self.changes(text, text.replace("        HIGH", "        MIDDLE = enum.auto()\n        HIGH"), "members of the enum")

    def test_a_member_that_comes_before_another_name_of_it(self):
        self.changes(COLOR, COLOR.replace("        RED", '        ROT = "red"\n        RED'), "members of the enum")

    def test_flags(self):
        text = "    import enum\n    class Right(enum.Flag):\n        READ = 1\n"
        self.changes(text, text + "        WRITE = 2\n", "members of the enum")

    def test_members_that_are_numbers(self):
        for base in ("int, enum.Enum", "enum.IntEnum"):
            with self.subTest(base):
                text = f"    import enum\n    class Level({base}):\n        LOW = 1\n"
                self.changes(text, text + "        HIGH = 3\n", "members of the enum")
                sys.modules.pop(self.name("gui"))

    def test_values_without_a_hash(self):
        text = "    import enum\n    class Shape(enum.Enum):\n        LINE = [1]\n"
        self.changes(text, text + "        BOX = [2]\n", "members of the enum")

    def test_a_member_that_is_named_as_an_attribute_of_all(self):
        text = "    import enum\n    class Field(enum.Enum):\n        SIZE = 1\n"
        self.changes(text, text + "        value = 2\n")

    def test_what_was_made_of_all_members_in_a_module_that_is_not_hot(self):
        self.load("gui", COLOR)
        self.load("user", "from <gui> import Color\nCOUNT = len(Color)\n", hot=False)
        self.write("gui", ADDED)
        self.refuses("Color")

    def test_what_was_made_of_all_members_out_of_another_module(self):
        self.load("gui", COLOR)
        self.load("part", "from <gui> import Color\n")
        self.load("user", "import <part>\nNAMES = [each.name for each in <part>.Color]\n")
        self.write("gui", ADDED)
        self.refuses("Color", "as it was until all is in place")

    def test_what_was_made_of_all_members_and_seen_by_others(self):
        text = "    class Store:\n        def __init__(self):\n            self.counts = dict.fromkeys(Color, 0)\n    store = Store()\n"
        gui = self.load("gui", COLOR + text)
        held = [gui.store]
        self.write("gui", ADDED + text)
        self.refuses("Store", "cannot be undone")
        self.assertIs(gui.store, held[0])

    def test_members_that_do_something_when_they_are_made(self):
        before = COLOR + "        def __init__(self, value):\n            SEEN.append(value)\n"
        before = before.replace("class Color", "SEEN = []\n    class Color")
        gui = self.load("gui", before)
        self.write("gui", before + "        def loud(self):\n            return 1\n")
        self.refuses("cannot be undone")
        self.assertEqual(gui.SEEN, ["red", "green"])

    def test_a_base_that_is_told_of_each_enum(self):
        before = """
    import enum
    SEEN = []
    class Base(enum.Enum):
        def __init_subclass__(cls):
            SEEN.append(cls)
    class Color(Base):
        RED = 1
"""
        gui = self.load("gui", before)
        self.write("gui", before + "        def loud(self):\n            return 1\n")
        self.refuses("cannot be undone")
        self.assertEqual(gui.SEEN, [gui.Color])

    @unittest.skipIf(sys.version_info < (3, 11), "this Python has no enum.global_enum")
    def test_members_that_are_put_into_the_module(self):
        before = COLOR.replace("    class Color", "    @enum.global_enum\n    class Color")
        gui = self.load("gui", before)
        red = gui.RED
        self.write("gui", before + "        def loud(self):\n            return 1\n")
        self.refuses("cannot be undone")
        self.assertIs(gui.RED, red)


if __name__ == "__main__":
    unittest.main()
