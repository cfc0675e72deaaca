"""Reload of hot modules in place, imported when a program declares the first one.

Theory of operation. A reload has to leave the program as a start of the new source would have it,
or to refuse. Modules are not run again as a whole: what their bodies did once, they would do twice.
The old and the new source are compared statement by statement (``_difference``).

1. *Compile* every changed module (``_version``); a syntax error ends it here.
2. *Plan* (``_plan``). Where only the body of a function differs, its new code object takes the old
   one's place. Other statements that differ are to be executed again, and so are those that used,
   while they were executed, what has changed (``_uses``, ``_influence``), in whichever module they are.
3. *Look at what lives* (``_live``): functions, generators, frames, instances, workers. What would go
   on running the old code, or was made by it, is a reason to refuse.
4. *Stage*: execute these statements into new namespaces (``_stage``), those alone of which the
   effects are known (``_effects``); what opens files or starts threads is noticed (``_audit``).
5. *Commit* (``_commit``, ``_classes``): functions and classes keep their identity and get the new
   code, names are bound and deleted, all in one step with an undo log.

``_transaction`` does these in order; ``_hot`` is what the program's ``App`` talks to.
"""

from ._hot import Hot

__all__ = ["Hot"]
