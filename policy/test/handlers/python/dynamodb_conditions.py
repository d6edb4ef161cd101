"""Builds expressions of DynamoDB, and calls nothing."""
import decimal

from boto3.dynamodb.conditions import Attr, ConditionExpressionBuilder, Key
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer


def handler(event, context):
    condition = Key("pk").eq(event["pk"]) & Attr("scan").exists() & ~Attr("query").contains("x")
    expression = ConditionExpressionBuilder().build_expression(condition)
    plain = TypeDeserializer().deserialize(TypeSerializer().serialize(decimal.Decimal("1.5")))
    return {"expression": expression.condition_expression, "plain": str(plain)}
