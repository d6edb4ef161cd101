import boto3


class SSMProvider:
    def __init__(self, config=None):
        self.client = boto3.client("ssm", config=config)

    def get(self, name, **options):
        return self.client.get_parameter(Name=name, **options)["Parameter"]["Value"]

    def get_multiple(self, path, **options):
        return self.client.get_parameters_by_path(Path=path, **options)["Parameters"]


class SecretsProvider:
    def __init__(self, config=None):
        self.client = boto3.client("secretsmanager", config=config)

    def get(self, name, **options):
        return self.client.get_secret_value(SecretId=name, **options)["SecretString"]


def get_parameter(name, **options):
    return SSMProvider().get(name, **options)


def get_parameters(path, **options):
    return SSMProvider().get_multiple(path, **options)


def get_secret(name, **options):
    return SecretsProvider().get(name, **options)
