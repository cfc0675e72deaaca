import collecting


@collecting.show.register(int)
def _show(_):
    return "a number"
