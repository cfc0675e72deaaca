// What comes after it in a list of imports is loaded and linked, and not run.
throw null;
