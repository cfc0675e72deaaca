import time

STARTED = [time.strftime("%Y-%m-%dT%H:%M:%S")]
