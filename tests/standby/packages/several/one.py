import several.two
