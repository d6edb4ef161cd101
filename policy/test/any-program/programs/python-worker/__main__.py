import json

import pulumi
import pulumi_aws as aws

account = aws.get_caller_identity()
region = aws.get_region()


class Worker(pulumi.ComponentResource):
    def __init__(self, name, queue, bucket, opts=None):
        super().__init__("shop:index:Worker", name, {}, opts)
        here = pulumi.ResourceOptions(parent=self)
        trust = aws.iam.get_policy_document(
            statements=[
                {
                    "actions": ["sts:AssumeRole"],
                    "principals": [{"type": "Service", "identifiers": ["ec2.amazonaws.com"]}],
                }
            ]
        )
        self.role = aws.iam.Role(f"{name}-role", assume_role_policy=trust.json, opts=here)
        aws.iam.RolePolicy(
            f"{name}-policy",
            role=self.role.name,
            policy=pulumi.Output.all(queue.arn, bucket.arn).apply(
                lambda arns: json.dumps(
                    {
                        "Version": "2012-10-17",
                        "Statement": [
                            {
                                "Effect": "Allow",
                                "Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage"],
                                "Resource": arns[0],
                            },
                            {
                                "Effect": "Allow",
                                "Action": "s3:*",
                                "Resource": [arns[1], f"{arns[1]}/*"],
                            },
                        ],
                    }
                )
            ),
            opts=here,
        )
        profile = aws.iam.InstanceProfile(f"{name}-profile", role=self.role.name, opts=here)
        ami = aws.ec2.get_ami(most_recent=True, owners=["amazon"])
        aws.ec2.Instance(
            name,
            ami=ami.id,
            instance_type="t3.small",
            iam_instance_profile=profile.name,
            opts=here,
        )
        self.register_outputs({"role": self.role.arn})


queue = aws.sqs.Queue(
    "jobs",
    policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "sns.amazonaws.com"},
                    "Action": "sqs:SendMessage",
                    "Resource": "*",
                }
            ],
        }
    ),
)
bucket = aws.s3.Bucket("results")
Worker("worker", queue, bucket)

# A parameter that another team may read: the ARN from known parts.
aws.ssm.Parameter("queue-url", name="/shop/queue-url", type="String", value=queue.url)
reader = aws.iam.Role(
    "reader",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{account.account_id}:root"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
    ),
)
aws.iam.RolePolicy(
    "reader",
    role=reader.name,
    policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": ["ssm:GetParameter", "ssm:GetParametersByPath"],
                    "Resource": f"arn:aws:ssm:{region.region}:{account.account_id}:parameter/shop/*",
                }
            ],
        }
    ),
)

pulumi.export("reader", reader.arn)
