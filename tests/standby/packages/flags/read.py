from flags import FLAGS

NAMES = list(FLAGS)
