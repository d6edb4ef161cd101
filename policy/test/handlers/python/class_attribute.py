import base64
import os

import boto3


class Vault:
    kms = boto3.client("kms")
    key_id = os.environ["KEY_ARN"]

    @classmethod
    def seal(cls, text):
        return cls.kms.encrypt(KeyId=cls.key_id, Plaintext=text.encode())["CiphertextBlob"]

    @staticmethod
    def open(blob):
        return Vault.kms.decrypt(KeyId=Vault.key_id, CiphertextBlob=blob)["Plaintext"]


def handler(event, context):
    if "open" in event:
        return Vault.open(base64.b64decode(event["open"])).decode()
    return base64.b64encode(Vault.seal(event["seal"])).decode()
