import json


class Archive:
    def __init__(self, client, bucket):
        self.client = client
        self.bucket = bucket

    def keep(self, order):
        self.client.put_object(
            Bucket=self.bucket, Key=f"{order['id']}.json", Body=json.dumps(order)
        )
