class Params(dict):
    """Loads what a value stands for when it is asked for, as the backend of a library for plots."""

    def __iter__(self):
        yield from dict.__iter__(self)

    def __len__(self):
        self["backend"]
        return dict.__len__(self)

    def __getitem__(self, key):
        import resolves.backend

        return resolves.backend


params = Params(backend="auto")
