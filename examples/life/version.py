"""Edit this while life runs: the next generation reports it, and everything else goes on."""

VERSION = 1
