"""A pipeline of stages: the first two run in workers of loky, which import numpy, and the last one here."""

EDITED = "stages"
WORKERS = True
SOURCE = '''
import numpy

LIMIT = {limit}


class Merge:
    def __call__(self, parts):
        return [int(numpy.max(parts)), {method}]


def load(count):
    return numpy.arange(count).tolist()


def transform(values):
    return numpy.asarray([{body} for _ in values]).tolist()


def limit():
    return LIMIT
'''


class Program:
    def __init__(self, executor):
        import stages
        from stages import Merge, limit, load, transform

        self.executor, self.stages = executor, stages
        self.load, self.transform, self.limit, self.merge = load, transform, limit, Merge()

    def ask(self):
        self.pool = self.executor()  # Each thread has one of its own: this is the one that has a worker.
        values = self.pool.submit(self.load, 3).result()
        parts = self.pool.submit(self.transform, values).result()
        return [*self.merge(parts), self.limit()]

    def stop(self):
        self.pool.shutdown(wait=True, kill_workers=True)
