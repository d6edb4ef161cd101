"""A stand-in for the library: only what the handler imports."""


def put(url, **options): ...
