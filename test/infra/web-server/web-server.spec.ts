import { expect } from "chai";
import { runProgram, sourceUrl } from "../mocks.ts";

type Run = Awaited<ReturnType<typeof runProgram>>;

describe("the web server", () => {
  let run: Run;
  before(async () => {
    run = await runProgram();
  });

  it("has IMDSv2 only, an encrypted disk and no key pair", () => {
    const [{ userData: _, ...inputs }, ...others] = run.inputsOf("aws:ec2/instance:Instance");

    expect([inputs, ...others]).to.deep.equal([
      {
        ami: "ami-1",
        instanceType: "t2.micro",
        vpcSecurityGroupIds: ["id-of-web-server-security-group"],
        metadataOptions: { httpTokens: "required" },
        rootBlockDevice: { encrypted: true },
        userDataReplaceOnChange: true,
        tags: { Name: "web-server", Project: "reboot-automation", Stack: "dev" },
      },
    ]);
  });

  it("ships its log to the source, whose URL is a secret", async () => {
    const [{ userData }] = run.inputsOf("aws:ec2/instance:Instance");

    expect(JSON.stringify(userData)).to.include("1b47061264138c4ac30d75fd1eb44270");
    expect(JSON.stringify(userData)).to.include(`LOG_SOURCE_URL=${sourceUrl}`);
  });

  it("allows no inbound traffic", () => {
    const [group] = run.inputsOf("aws:ec2/securityGroup:SecurityGroup");

    expect(group.ingress).to.deep.equal([]);
  });

  it("has its project and stack as tags of the security group", () => {
    const [{ tags }] = run.inputsOf("aws:ec2/securityGroup:SecurityGroup");

    expect(tags).to.deep.equal({ Project: "reboot-automation", Stack: "dev" });
  });

  it("has no user data if webServer is false", async () => {
    const { inputsOf } = await runProgram({ webServer: "false" });

    expect(inputsOf("aws:ec2/instance:Instance")[0]).not.to.have.property("userData");
  });

  it("opens port 80 only, to httpCidr", async () => {
    const { inputsOf } = await runProgram({ httpCidr: "203.0.113.0/24" });

    const [group] = inputsOf("aws:ec2/securityGroup:SecurityGroup");
    expect(group.ingress).to.deep.equal([
      { protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["203.0.113.0/24"] },
    ]);
  });

  it("is in the VPC of the subnet, and its security group too", async () => {
    const { inputsOf } = await runProgram({ subnetId: "subnet-01234567" });

    expect(inputsOf("aws:ec2/instance:Instance")[0].subnetId).to.equal("subnet-01234567");
    expect(inputsOf("aws:ec2/securityGroup:SecurityGroup")[0].vpcId).to.equal("vpc-1");
  });
});
