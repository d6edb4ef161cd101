"""A stand-in for the library: only what the handlers import."""


class Logger:
    def __init__(self, **options): ...

    def inject_lambda_context(self, function):
        return function

    def info(self, *args): ...


class Tracer:
    def capture_lambda_handler(self, function):
        return function

    def capture_method(self, function):
        return function


class Metrics:
    def __init__(self, **options): ...

    def log_metrics(self, function):
        return function

    def add_metric(self, **metric): ...
