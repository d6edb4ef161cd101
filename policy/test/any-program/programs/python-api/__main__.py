import json

import pulumi
import pulumi_aws as aws

table = aws.dynamodb.Table(
    "notes",
    attributes=[{"name": "id", "type": "S"}],
    hash_key="id",
    billing_mode="PAY_PER_REQUEST",
)

role = aws.iam.Role(
    "handler-role",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Action": "sts:AssumeRole",
                    "Effect": "Allow",
                    "Principal": {"Service": "lambda.amazonaws.com"},
                }
            ],
        }
    ),
)

aws.iam.RolePolicyAttachment(
    "handler-logs",
    role=role.name,
    policy_arn=aws.iam.ManagedPolicy.AWS_LAMBDA_BASIC_EXECUTION_ROLE,
)

aws.iam.RolePolicy(
    "handler-table",
    role=role.id,
    policy=pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": ["dynamodb:GetItem", "dynamodb:PutItem"],
                    "Resource": table.arn,
                }
            ],
        }
    ),
)

handler = aws.lambda_.Function(
    "handler",
    runtime="python3.13",
    handler="main.handler",
    role=role.arn,
    code=pulumi.FileArchive("./handlers"),
    environment={"variables": {"TABLE_NAME": table.name}},
)

api = aws.apigatewayv2.Api("notes-api", protocol_type="HTTP")
integration = aws.apigatewayv2.Integration(
    "handler",
    api_id=api.id,
    integration_type="AWS_PROXY",
    integration_uri=handler.invoke_arn,
    payload_format_version="2.0",
)
aws.apigatewayv2.Route(
    "notes",
    api_id=api.id,
    route_key="ANY /notes/{id}",
    target=integration.id.apply(lambda id: f"integrations/{id}"),
)
stage = aws.apigatewayv2.Stage("default", api_id=api.id, name="$default", auto_deploy=True)
aws.lambda_.Permission(
    "api",
    action="lambda:InvokeFunction",
    function=handler.name,
    principal="apigateway.amazonaws.com",
    source_arn=pulumi.Output.concat(api.execution_arn, "/*/*"),
)

pulumi.export("url", stage.invoke_url)
