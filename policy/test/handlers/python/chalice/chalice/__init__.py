"""A stand-in for the library: only what the handler imports."""


class Rate:
    HOURS = "hours"

    def __init__(self, value, unit): ...


class Chalice:
    def __init__(self, app_name): ...

    def route(self, path, methods):
        return lambda function: function

    def schedule(self, rate):
        return lambda function: function

    def __call__(self, event, context): ...
