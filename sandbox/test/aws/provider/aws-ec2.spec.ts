import { expect } from "chai";
import { ec2Functions } from "../../../aws/provider/aws-ec2.ts";
import { errorOf, rootKey, startFakeServer, stopAfterEach } from "../../support.ts";

const instance = (id: string, fields = "") =>
  `<item><ownerId>000000000000</ownerId><instancesSet><item><instanceId>${id}</instanceId>${fields}</item></instancesSet></item>`;
const page = (items: string, nextToken = "") =>
  `<DescribeInstancesResponse><reservationSet>${items}</reservationSet>${nextToken && `<nextToken>${nextToken}</nextToken>`}</DescribeInstancesResponse>`;

describe("aws:ec2/getInstances:getInstances", () => {
  const stoppedLater = stopAfterEach();

  /** The function, in front of EC2 that responds with these pages, and the inputs that EC2 gets. */
  async function start(...pages: string[]) {
    const server = stoppedLater(await startFakeServer(() => ({ body: pages.shift() ?? page("") })));
    const { "aws:ec2/getInstances:getInstances": getInstances } = ec2Functions({
      endpoint: `http://127.0.0.1:${server.port}`,
      region: "us-east-1",
      credentials: rootKey,
    });
    const inputs = () => server.requests.map(({ body }) => decodeURIComponent(body).split("&"));
    return { getInstances: getInstances ?? expect.fail("there is no such function"), inputs };
  }

  it("sends one DescribeInstances with the states and the filters", async () => {
    const { getInstances, inputs } = await start();

    await getInstances({
      instanceStateNames: ["running", "stopped"],
      filters: [
        { name: "instance-id", values: ["i-1", "i-2"] },
        { name: "tag-key", values: ["aws:autoscaling:groupName"] },
      ],
    });

    expect(inputs()).to.deep.equal([
      [
        "Action=DescribeInstances",
        "Version=2016-11-15",
        "Filter.1.Name=instance-state-name",
        "Filter.1.Value.1=running",
        "Filter.1.Value.2=stopped",
        "Filter.2.Name=instance-id",
        "Filter.2.Value.1=i-1",
        "Filter.2.Value.2=i-2",
        "Filter.3.Name=tag-key",
        "Filter.3.Value.1=aws:autoscaling:groupName",
      ],
    ]);
  });

  it("asks for running instances only, unless it names states", async () => {
    const { getInstances, inputs } = await start();

    await getInstances({});

    expect(inputs()[0]?.slice(2)).to.deep.equal([
      "Filter.1.Name=instance-state-name",
      "Filter.1.Value.1=running",
    ]);
  });

  it("returns the instances of every page, with the addresses that there are", async () => {
    const { getInstances, inputs } = await start(
      page(instance("i-1", "<privateIpAddress>10.0.0.1</privateIpAddress>"), "more"),
      page(instance("i-2")),
    );

    const found = await getInstances({ instanceStateNames: ["running"] });

    expect(found).to.deep.equal({
      instanceStateNames: ["running"],
      id: "us-east-1",
      ids: ["i-1", "i-2"],
      ipv6Addresses: [],
      privateIps: ["10.0.0.1"],
      publicIps: [],
      region: "us-east-1",
    });
    expect(inputs()[1]).to.include("NextToken=more");
  });

  it("returns an empty list if there is none", async () => {
    const { getInstances } = await start();

    expect(await getInstances({})).to.deep.include({ ids: [] });
  });

  it("refuses an argument that the sandbox does not have", async () => {
    const { getInstances } = await start();

    expect(await errorOf(getInstances({ instanceTags: { Role: "web" } }))).to.equal(
      "the sandbox does not have this argument of getInstances: instanceTags; it has filters and instanceStateNames",
    );
  });
});

describe("aws:ec2/getInstance:getInstance", () => {
  const stoppedLater = stopAfterEach();

  it("returns the instance's ARN, type and tags", async () => {
    const tags =
      "<tagSet><item><key>aws:autoscaling:groupName</key><value>web</value></item></tagSet>";
    const server = stoppedLater(
      await startFakeServer(({ body }) => ({
        body: body.includes("DescribeInstances&")
          ? page(instance("i-1", `<instanceType>t3.micro</instanceType>${tags}`))
          : "<Response/>",
      })),
    );
    const functions = ec2Functions({
      endpoint: `http://127.0.0.1:${server.port}`,
      region: "us-east-1",
      credentials: rootKey,
    });

    const found = await functions["aws:ec2/getInstance:getInstance"]?.({ instanceId: "i-1" });

    expect(found).to.deep.equal({
      id: "i-1",
      instanceId: "i-1",
      arn: "arn:aws:ec2:us-east-1:000000000000:instance/i-1",
      instanceType: "t3.micro",
      tags: { "aws:autoscaling:groupName": "web" },
    });
  });
});
