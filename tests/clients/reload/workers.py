"""With real workers of loky: they keep the code that they were given, which is noticed."""

import os
import sys
import unittest

import cloudpickle
from loky import get_reusable_executor

from project import ProjectTest


def call(data):
    return cloudpickle.loads(data)()


class Workers(ProjectTest):
    def test_workers_that_live_are_a_reason_to_refuse(self):
        os.environ["PYTHONPATH"] = os.pathsep.join(sys.path[:2])
        text = "def draw(): return {!r}"
        gui = self.load("gui", text.format("old"))
        executor = get_reusable_executor(max_workers=1)
        self.assertEqual(executor.submit(call, cloudpickle.dumps(gui.draw)).result(), "old")
        self.write("gui", text.format("new"))
        self.assertFalse(self.app.reload())
        self.assertIn("worker process", self.app.reload_error)
        # Why: this is what they would have gone on with.
        self.assertEqual(executor.submit(call, cloudpickle.dumps(gui.draw)).result(), "old")
        executor.shutdown(wait=True, kill_workers=True)
        self.takes()
        executor = get_reusable_executor(max_workers=1)
        self.assertEqual(executor.submit(call, cloudpickle.dumps(gui.draw)).result(), "new")
        executor.shutdown(wait=True, kill_workers=True)

    def test_cloudpickle_by_value_takes_the_new_code(self):
        gui = self.load("gui", "def draw(): return 'old'")
        cloudpickle.register_pickle_by_value(gui)
        self.write("gui", "def draw(): return 'new'")
        self.takes()
        self.assertEqual(cloudpickle.loads(cloudpickle.dumps(gui.draw))(), "new")


if __name__ == "__main__":
    unittest.main()
