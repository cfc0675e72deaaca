import collecting


class Known:
    pass


known = Known()
collecting.known.add(known)
