"""Looks like boto3 in tests."""


class Table:
    def __init__(self, name):
        self.items = []

    def put_item(self, Item):
        self.items.append(Item)


class _Client:
    def send_message(self, **message):
        print(message)


def client(service):
    return _Client()


def publish(**message):
    print(message)
