"""A stand-in for the library: only what the handler imports."""


def Field(default=..., **kwargs):
    return default
