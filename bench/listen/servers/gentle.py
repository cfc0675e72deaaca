"""For uvicorn: `uvicorn --http gentle:Http …` closes nobody's connection who has connected, and is about to ask."""

from uvicorn.protocols.http.h11_impl import H11Protocol

SECONDS = 0.05  # uvicorn itself waits longer, for the answers


class Http(H11Protocol):
    def shutdown(self):
        if self.cycle is None:
            self.loop.call_later(SECONDS, super().shutdown)
        else:
            super().shutdown()
