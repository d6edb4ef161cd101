import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";

const guide = readFileSync(join(import.meta.dirname, "..", "..", "pipeline", "README.md"), "utf8");
const query = /jq -r '(\.Events\[\].*?)' \| sort/s.exec(guide)?.[1] ?? "";

/** Refusals in each service's CloudTrail wording, and the output of the query. */
const refusals = [
  {
    event: event("lambda.amazonaws.com", "DeleteFunction20150331", "AccessDenied"),
    printed: "lambda:DeleteFunction refused",
  },
  {
    event: event("lambda.amazonaws.com", "GetFunction20150331v2", "AccessDeniedException"),
    printed: "lambda:GetFunction refused",
  },
  {
    event: event("ec2.amazonaws.com", "DeleteTags", "Client.UnauthorizedOperation"),
    printed: "ec2:DeleteTags refused",
  },
  {
    event: event("sns.amazonaws.com", "TagResource", "AuthorizationError"),
    printed: "sns:TagResource refused",
  },
  {
    event: event("iam.amazonaws.com", "TagRole", "AccessDenied"),
    printed: "iam:TagRole refused",
  },
];

const others = [
  event("sqs.amazonaws.com", "CreateQueue", undefined),
  event("iam.amazonaws.com", "GetRole", "NoSuchEntityException"),
  event("dynamodb.amazonaws.com", "DescribeTable", "ResourceNotFoundException"),
];

function event(eventSource: string, eventName: string, errorCode: string | undefined) {
  return { eventSource, eventName, ...(errorCode && { errorCode, errorMessage: "refused" }) };
}

describe("the query for refusals in pipeline/README.md", () => {
  const words = /test\("([^"]+)"\)/.exec(query)?.[1] ?? "nothing";

  for (const { event } of refusals) {
    it(`finds ${event.errorCode} of ${event.eventSource}`, () => {
      expect(event.errorCode).to.match(new RegExp(words));
    });
  }

  for (const { eventSource, errorCode = "" } of others) {
    it(`omits ${errorCode || "a success"} of ${eventSource}`, () => {
      expect(errorCode).not.to.match(new RegExp(words));
    });
  }

  it("prints the action and message of each refusal", function () {
    if (!hasJq()) this.skip();
    const all = [...refusals.map(({ event }) => event), ...others];
    const Events = all.map((it) => ({ CloudTrailEvent: JSON.stringify(it) }));

    const output = execFileSync("jq", ["-r", query], {
      input: JSON.stringify({ Events }),
      encoding: "utf8",
    });

    expect(output.trim().split("\n")).to.deep.equal(refusals.map(({ printed }) => printed));
  });

  it("queries CloudTrail once in the stack's region, and once in us-east-1 for IAM", function () {
    if (!hasJq()) this.skip();
    expect(regionsAskedFor("eu-central-1")).to.deep.equal(["eu-central-1", "us-east-1"]);
    expect(regionsAskedFor("us-east-1")).to.deep.equal(["us-east-1"]);
  });
});

/** Runs the guide's lines for a stack in a region. Their calls are on standard error, where jq writes nothing. */
function regionsAskedFor(region: string): string[] {
  const lines = /```sh\n(for region in .*?)```/s.exec(guide)?.[1] ?? "exit 1";
  const commands = `
    pulumi() { [ "$*" = "config get aws:region" ] && echo ${region}; }
    aws() { echo "$@" >&2; echo '{"Events":[]}'; }`;
  const { status, stderr } = spawnSync("bash", ["-c", `${commands}\n${lines}`], {
    encoding: "utf8",
  });
  expect(status, stderr).to.equal(0);
  return [...stderr.matchAll(/^cloudtrail lookup-events --region (\S+) /gm)].map(
    ([, it = ""]) => it,
  );
}

function hasJq(): boolean {
  try {
    execFileSync("jq", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
