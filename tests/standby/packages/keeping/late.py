from . import Config, closed, deep, local, nested, settings, slots, used, variable

SEEN = [settings.mode, Config.mode, deep.inner.mode, slots.mode, local.mode, nested["inner"]["mode"]]
SEEN += [variable.get(), closed(), used()]
