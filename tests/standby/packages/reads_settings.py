import settings

DEBUG = settings.DEBUG
