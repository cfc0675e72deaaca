options = {"backend": "plain"}


def use(backend):
    options["backend"] = backend
