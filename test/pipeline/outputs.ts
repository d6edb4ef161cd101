// What Pulumi 3.255.0 printed for this program, shortened to what matters.
const urn = (name: string) => `[urn=urn:pulumi:dev::reboot-automation::${name}]`;

const head = `Previewing update (dev):
  pulumi:pulumi:Stack: (same)
    ${urn("pulumi:pulumi:Stack::reboot-automation-dev")}`;

/** One resource of each kind of change, in an order that the engine may choose. */
export const changed = `${head}
    ~ reboot-automation:index:Notifications: (update)
        ${urn("reboot-automation:index:Notifications::notifications")}
      ~ emailAddresses: [
          ~ [0]: "a@b.co" => "b@b.co"
        ]
        + aws:sns/topicSubscription:TopicSubscription: (create)
            ${urn("aws:sns/topicSubscription:TopicSubscription::notifications-b@b.co")}
            [provider=urn:pulumi:dev::reboot-automation::pulumi:providers:aws::default_7_48_0::db81]
            endpoint: "b@b.co"
            protocol: "email"
    +-aws:ec2/instance:Instance: (replace)
        [id=i-312fe031dffcb5e1c]
        ${urn("aws:ec2/instance:Instance::web-server")}
        ami                    : "ami-0c2023a1b2c3d4e5f"
      ~ instanceType           : "t2.micro" => "t3.micro"
        metadataOptions        : {
            httpTokens: "required"
        }
        rootBlockDevice        : {
            encrypted: true
        }
      - userData               : [secret]
        - aws:sns/topicSubscription:TopicSubscription: (delete)
            [id=arn:aws:sns:us-east-1:000000000000:topic:7bc5b793]
            ${urn("aws:sns/topicSubscription:TopicSubscription::notifications-a@b.co")}
            endpoint: "a@b.co"
    --outputs:--
  ~ nextStep        : "Confirm a@b.co." => "Confirm b@b.co."
Resources:
    + 1 to create
    ~ 1 to update
    - 1 to delete
    +-1 to replace
    4 changes. 36 unchanged

Policy Packs run:
    Name                              Version
    least-privilege-iam|local|policy  0.1.0
`;

/** A replaced resource: most of its outputs are known only after the deployment. */
export const replaced = `${head}
    +-aws:ec2/instance:Instance: (replace)
        [id=i-312fe031dffcb5e1c]
        ${urn("aws:ec2/instance:Instance::web-server")}
      ~ arn             : "arn:aws:ec2:us-east-1:000000000000:instance/i-312f" => [unknown]
      + availabilityZone: [unknown]
      ~ rootBlockDevice : {
          + kmsKeyId: "arn:aws:kms:us-east-1:000000000000:key/1"
          + volumeId: [unknown]
        }
Resources:
    +-1 to replace
`;

/** Two mandatory findings, one of several lines, and one that only advises; one resource is created. */
export const found = `${head}
    + aws:iam/role:Role: (create)
        ${urn("aws:iam/role:Role::reboot-role")}
        name: "reboot-role"
    least-privilege-iam@v0.1.0 [mandatory] [severity: high]  unused-grant  (aws:iam:Role: reboot-role)reboot-role: statement Reboot: ec2:StopInstances on *: nothing uses it. Take it away.
    least-privilege-iam@v0.1.0 [advisory] [severity: medium]  waivers  (pulumi:pulumi:Stack: stack)it ends soon.
    least-privilege-iam@v0.1.0 [mandatory] [severity: high]  missing-grant  (aws:iam:Role: reboot-role)reboot-role: sns:Publish is not granted. Add
{
  "Action": "sns:Publish"
}
Resources:
    + 1 to create
    39 unchanged
`;

/** Nothing changes. */
export const same = `${head}
Resources:
    40 unchanged
`;

/** What a refresh saw: a rule was opened by hand, and a queue was deleted. */
export const drifted = `Previewing refresh (dev):
  pulumi:pulumi:Stack: (same)
    ${urn("pulumi:pulumi:Stack::reboot-automation-dev")}
        ~ aws:ec2/securityGroup:SecurityGroup: (update)
            [id=sg-5ae706857dd12a573]
            ${urn("aws:ec2/securityGroup:SecurityGroup::web-server-security-group")}
            description: "Web server: HTTP in, no SSH"
          ~ ingress    : [
              + [0]: {
                      + fromPort  : 22
                    }
            ]
        - aws:sqs/queue:Queue: (delete)
            [id=https://sqs.us-east-1.amazonaws.com/000000000000/dead]
            ${urn("aws:sqs/queue:Queue::reboot-dead-letters")}
            --outputs:--
          - name                   : "dead"
Resources:
    ~ 1 to update
    - 1 to delete
    2 changes. 38 unchanged
`;
