"""A stand-in for the library: only what the handler imports."""


class BaseSettings: ...


def SettingsConfigDict(**kwargs):
    return kwargs
