import keeping

keeping.add("added")
