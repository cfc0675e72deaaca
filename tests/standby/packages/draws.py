import random

NUMBER = random.random()
