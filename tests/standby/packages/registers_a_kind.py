import collecting

collecting.Kind.register(int)
