"""What modules held when an import looked at them, and whether they still do.

That is asked before each import which comes back, and so in the way that takes least: of a module that is as it was
only its values are compared, one by one in their order, and which name is the last. With other names for the same
values it could be taken for what it was only where somebody had deleted the last one as well, and put it back.
"""


class _Content:
    """What was in a dictionary, list or set."""

    __slots__ = ("of", "values", "keys", "last")

    def __init__(self, of, content):
        self.of, self.values, self.keys, self.last = of, content, None, None
        if of.kind is not set:
            self.values = tuple(content.values() if of.kind is dict else content)
        if of.kind is dict:
            self.last = next(reversed(content), None)
            if len(set(map(id, self.values))) < len(self.values):  # They do not tell the keys, as where it is a set.
                self.keys = tuple(content)

    def is_as_before(self, is_):
        kind, held, values = self.of.kind, self.of.held, self.values
        if kind.__len__(held) != len(values):
            return False
        if kind is set:
            return set.issubset(held, values)
        if kind is list:
            return all(map(is_, list.__iter__(held), values))
        if not all(map(is_, dict.values(held), values)):
            return False
        if self.keys is None:
            return next(dict.__reversed__(held), None) is self.last
        return all(map(is_, dict.__iter__(held), self.keys))


class _Face:
    """What one module held."""

    __slots__ = ("of", "first", "values", "last")

    def __init__(self, of, copy):
        self.of, self.first = of, copy
        self.expect(copy)

    def expect(self, names):
        """What is there is compared with these, which may stand for the first."""
        self.values, self.last = tuple(names.values()), next(reversed(names), None)


class Look:
    """What an import has looked at, in modules and in what these hold."""

    def __init__(self, faces, contents):
        self.faces, self.contents = faces, contents

    def beyond(self, other):
        """What of it another has not looked at."""
        known = set(map(id, (*other.faces, *other.contents)))
        return Look(*([one for one in ones if id(one) not in known] for ones in (self.faces, self.contents)))


class Faces:
    """``picture`` is the module of that name."""

    def __init__(self, picture, is_):
        self.picture, self.is_, self.known = picture, is_, {}

    def look(self, seen):
        """At what a picture showed; the same is one thing, whoever looks."""
        contents = {id(content): self._one(_Content, one, content) for *_, held in seen for one, content in held}
        return Look([self._one(_Face, names, copy) for names, copy, _ in seen], list(contents.values()))

    def _one(self, kind, of, content):
        key = id(of), id(content)
        if key not in self.known:
            self.known[key] = kind(of, content)
        return self.known[key]

    def differs(self, look, keepers):
        """The name of something that is not what it was; None where all is. ``keepers`` are the modules that have seen
        it."""
        is_ = self.is_
        for face in look.faces:
            now, values = face.of.names, face.values
            if len(now) == len(values) and all(map(is_, now.values(), values)) and next(reversed(now), None) is face.last:
                continue
            why = self._changed(face, keepers)
            if why is not None:
                return why
        for content in look.contents:
            if not content.is_as_before(is_):
                return content.of.name
        return None

    def _changed(self, face, keepers):
        look, of, stands_in = self.picture, face.of, False
        for key, value in face.first.items():
            now = of.names.get(key, look.MISSING)
            if look.same_value(now, value):
                continue
            if of.concerns(key) and look.counts(key, value, now):
                if not look.stands_in_front(now, value, keepers):
                    return "%s.%s" % (of.name, key)
                stands_in = True
        if not stands_in:  # That is so for these keepers, and not for others.
            face.expect(of.names)
        return None
