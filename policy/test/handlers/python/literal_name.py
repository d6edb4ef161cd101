import boto3

BUCKET_NAME = "shop-reports"
dynamodb = boto3.resource("dynamodb")
orders = dynamodb.Table("orders")


def handler(event, context):
    orders.get_item(Key={"id": "order-1"})
    boto3.client("s3").get_object(Bucket=BUCKET_NAME, Key="reports/latest.csv")
    boto3.client("ec2").reboot_instances(InstanceIds=["i-0123456789abcdef0"])
    boto3.client("sqs").get_queue_url(QueueName="jobs.fifo")
    boto3.client("ssm").get_parameter(Name="/shop/token")
    boto3.client("dynamodb").query(TableName="orders", IndexName="by-date", Limit=1)
