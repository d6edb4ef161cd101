"""A stand-in for the library: only what the handler imports."""


class Session:
    def get(self, url): ...
