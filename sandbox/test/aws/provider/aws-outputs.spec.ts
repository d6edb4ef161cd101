import { expect } from "chai";
import { awsProvider } from "../../../aws/provider/aws.ts";
import { awsOutputs } from "../../../aws/provider/aws-outputs.ts";
import { unknownValue as unknown } from "../../../engine/values.ts";

const outputsOf = (type: string) => awsOutputs(type, "us-east-1");

describe("awsOutputs", () => {
  describe("after a resource was created", () => {
    it("has every property of a queue, with the values of a recorded state", () => {
      const arn = "arn:aws:sqs:us-east-1:111122223333:dead-letters";
      const url = "https://sqs.us-east-1.amazonaws.com/111122223333/dead-letters";
      const given = { name: "dead-letters", messageRetentionSeconds: 1_209_600, arn, url };

      expect(outputsOf("aws:sqs/queue:Queue").complete(given)).to.deep.equal({
        arn,
        contentBasedDeduplication: false,
        deduplicationScope: "",
        delaySeconds: 0,
        fifoQueue: false,
        fifoThroughputLimit: "",
        kmsDataKeyReusePeriodSeconds: 300,
        kmsMasterKeyId: "",
        maxMessageSize: 262_144,
        messageRetentionSeconds: 1_209_600,
        name: "dead-letters",
        namePrefix: "",
        policy: "",
        receiveWaitTimeSeconds: 0,
        redriveAllowPolicy: "",
        redrivePolicy: "",
        region: "us-east-1",
        sqsManagedSseEnabled: true,
        tags: {},
        tagsAll: {},
        url,
        visibilityTimeoutSeconds: 30,
      });
    });

    for (const [type, recorded] of [
      [
        "aws:lambda/function:Function",
        {
          imageUri: "",
          kmsKeyArn: "",
          codeSigningConfigArn: "",
          s3Bucket: null,
          s3Key: null,
          vpcConfig: null,
          deadLetterConfig: null,
          fileSystemConfig: null,
          layers: [],
          packageType: "Zip",
          reservedConcurrentExecutions: -1,
          tracingConfig: { mode: "PassThrough" },
          loggingConfig: {
            applicationLogLevel: "",
            logFormat: "Text",
            logGroup: "/aws/lambda/it",
            systemLogLevel: "",
          },
        },
      ],
      [
        "aws:lambda/eventSourceMapping:EventSourceMapping",
        {
          sourceAccessConfigurations: [],
          destinationConfig: null,
          filterCriteria: null,
          functionResponseTypes: [],
          queues: null,
          topics: [],
          kmsKeyArn: "",
          enabled: true,
        },
      ],
      [
        "aws:s3/bucket:Bucket",
        { policy: "", acl: null, logging: null, corsRules: [], tags: null, websiteEndpoint: null },
      ],
      [
        "aws:iam/role:Role",
        { permissionsBoundary: "", inlinePolicies: [], managedPolicyArns: [], path: "/" },
      ],
    ] as const) {
      it(`has in ${type} what a recorded state has`, () => {
        expect(outputsOf(type).complete({ name: "it" })).to.deep.include(recorded);
      });
    }

    it("fills in the members of blocks, and of blocks in lists", () => {
      const ingress = [{ protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["10.0.0.0/8"] }];
      const group = outputsOf("aws:ec2/securityGroup:SecurityGroup").complete({ ingress });
      const config = { onFailure: { destination: "arn:aws:sqs:us-east-1:111122223333:q" } };
      const invokeConfig = outputsOf(
        "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
      ).complete({ destinationConfig: config });

      expect(group.ingress).to.deep.equal([
        {
          cidrBlocks: ["10.0.0.0/8"],
          description: "",
          fromPort: 80,
          ipv6CidrBlocks: [],
          prefixListIds: [],
          protocol: "tcp",
          securityGroups: [],
          self: false,
          toPort: 80,
        },
      ]);
      expect(invokeConfig.destinationConfig).to.deep.equal({ ...config, onSuccess: null });
    });

    it("has the policy that AWS gives to a topic without one", () => {
      const arn = "arn:aws:sns:us-east-1:111122223333:alerts";
      const { policy } = outputsOf("aws:sns/topic:Topic").complete({ arn });

      const [statement] = JSON.parse(String(policy)).Statement;
      expect(statement).to.deep.include({
        Effect: "Allow",
        Principal: { AWS: "*" },
        Resource: arn,
        Condition: { StringEquals: { "AWS:SourceOwner": "111122223333" } },
      });
    });

    it("leaves a value that is empty, but set", () => {
      const type = outputsOf("aws:lambda/function:Function");

      expect(type.complete({ reservedConcurrentExecutions: 0 })).to.include({
        reservedConcurrentExecutions: 0,
      });
    });
  });

  describe("in a preview", () => {
    it("plans what the program gives; null for the rest, unknown for what AWS decides", () => {
      const planned = outputsOf("aws:lambda/function:Function").planned({
        name: "it",
        loggingConfig: { logFormat: "JSON", logGroup: unknown },
      });

      expect(planned).to.deep.include({
        name: "it",
        region: "us-east-1",
        imageUri: null,
        vpcConfig: null,
        layers: null,
        arn: unknown,
        architectures: unknown,
        loggingConfig: {
          applicationLogLevel: null,
          logFormat: "JSON",
          logGroup: unknown,
          systemLogLevel: null,
        },
      });
    });
  });

  describe("as inputs", () => {
    it("keeps of a block the members that the program gives", () => {
      const now = { loggingConfig: { logFormat: "Text", logGroup: "g", systemLogLevel: "INFO" } };

      expect(
        outputsOf("aws:lambda/function:Function").asInputs(
          { loggingConfig: { logFormat: "JSON", logGroup: "g" } },
          now,
        ),
      ).to.deep.equal({ loggingConfig: { logFormat: "Text", logGroup: "g" } });
    });

    it("keeps what was added to a map or a list of blocks", () => {
      const http = { protocol: "tcp", fromPort: 80, toPort: 80 };
      const ssh = { protocol: "tcp", fromPort: 22, toPort: 22, self: false };

      expect(
        outputsOf("aws:ec2/securityGroup:SecurityGroup").asInputs(
          { tags: { a: "1" }, ingress: [http] },
          { tags: { a: "1", b: "2" }, ingress: [{ ...http, self: false }, ssh], vpcId: "vpc-1" },
        ),
      ).to.deep.equal({ tags: { a: "1", b: "2" }, ingress: [http, ssh] });
    });

    it("shows a block that is gone", () => {
      expect(
        outputsOf("aws:lambda/function:Function").asInputs(
          { deadLetterConfig: { targetArn: "arn" } },
          { deadLetterConfig: null },
        ),
      ).to.deep.equal({ deadLetterConfig: null });
    });
  });

  const target = {
    endpoint: "http://127.0.0.1:1",
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  for (const [token, type] of Object.entries(awsProvider(target, "").resources)) {
    it(`knows every input of ${token} as an output`, () => {
      const outputs = Object.keys(outputsOf(token).complete({}));

      expect(outputs).to.include.members([...type.inputs]);
    });
  }
});
