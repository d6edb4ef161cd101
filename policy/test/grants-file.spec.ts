import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { allow, granted, policy, role, topic, topicArn } from "./function-stack.ts";
import {
  component,
  messagesOf,
  type Resource,
  ruleNamed,
  secret,
  startPack,
  unknown,
} from "./support.ts";

const alerts = topic("alerts");
const known = { ...alerts, props: { ...alerts.props, arn: topicArn("alerts") } };
const publish = allow("Tell", "sns:Publish", topicArn("alerts"));
const reviewed = {
  "aws:iam/role:Role role": { "sns:Publish": ["aws:sns/topic:Topic alerts"] },
};

describe("grants-file", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "grants-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  const start = (content: unknown, environment = {}) => {
    const path = join(folder, "grants.lock.json");
    const text = typeof content === "string" ? content : JSON.stringify(content);
    if (content !== undefined) writeFileSync(path, text);
    else rmSync(path, { force: true });
    const settings = { "grants-file": { file: "grants.lock.json" } };
    return startPack({ rules: [ruleNamed("grants-file")], settings, folder, environment });
  };
  const written = async (...resources: Resource[]) => {
    await start(undefined, { WRITE_GRANTS_FILE: "1" }).analyzeStack(resources);
    return JSON.parse(readFileSync(join(folder, "grants.lock.json"), "utf8"));
  };
  const found = async (content: unknown, ...resources: Resource[]) =>
    messagesOf((await start(content).analyzeStack(resources)).verdicts);

  it("allows a stack that grants what the file says", async () => {
    expect(await found(reviewed, role, alerts, policy(publish))).to.deep.equal([]);
    expect(await found(reviewed, role, known, policy(publish))).to.deep.equal([]);
  });

  it("allows what the optional file lists, and does not miss it", async () => {
    const optional = {
      "aws:iam/role:Role role": {
        "sns:Publish": ["aws:sns/topic:Topic alerts"],
        "sns:Subscribe": ["aws:sns/topic:Topic alerts"],
      },
      "aws:iam/role:Role other": { "sns:Publish": ["aws:sns/topic:Topic alerts"] },
    };
    writeFileSync(join(folder, "grants.lock.json"), JSON.stringify(reviewed));
    writeFileSync(join(folder, "optional.lock.json"), JSON.stringify(optional));
    const settings = {
      "grants-file": { file: "grants.lock.json", optional: "optional.lock.json" },
    };
    const find = async (...resources: Resource[]) => {
      const pack = startPack({ rules: [ruleNamed("grants-file")], settings, folder });
      return messagesOf((await pack.analyzeStack(resources)).verdicts);
    };
    const subscribe = (on: string) => allow("More", "sns:Subscribe", on);

    expect(await find(role, alerts, policy(publish))).to.deep.equal([]);
    expect(await find(role, alerts, policy(publish, subscribe(topicArn("alerts"))))).to.deep.equal(
      [],
    );
    expect(await find(role, alerts, policy(publish, subscribe("*")))).to.have.length(1);
  });

  it("reports an optional file that it cannot read", async () => {
    writeFileSync(join(folder, "grants.lock.json"), JSON.stringify(reviewed));
    const settings = { "grants-file": { file: "grants.lock.json", optional: "none.lock.json" } };
    const pack = startPack({ rules: [ruleNamed("grants-file")], settings, folder });

    const found = messagesOf((await pack.analyzeStack([role, alerts, policy(publish)])).verdicts);

    expect(found).to.have.length(1);
    expect(found[0]).to.match(/^role: grants file none\.lock\.json: .*grants-file\.optional/);
  });

  for (const type of [
    "aws:cloudwatch/eventTarget:EventTarget",
    "aws:sns/topicPolicy:TopicPolicy",
    "aws:sns/dataProtectionPolicy:DataProtectionPolicy",
  ]) {
    it(`names the topic by its ARN, and not the ${type.split(":")[2]} with the same arn`, async () => {
      const other: Resource = { type, name: "other", props: { arn: topicArn("alerts") } };

      for (const both of [
        [known, other],
        [other, known],
      ]) {
        expect(await found(reviewed, role, ...both, policy(publish))).to.deep.equal([]);
      }
    });
  }

  it("names a line that the file does not have", async () => {
    const other = topic("other");
    const wide = { ...publish, Resource: [topicArn("alerts"), topicArn("other")] };

    expect(await found(reviewed, role, alerts, other, policy(wide))).to.deep.equal([
      "role: + sns:Publish on aws:sns/topic:Topic other: grants.lock.json does not list it, so the stack would grant more than was reviewed. Remove it, or regenerate grants.lock.json and have the change reviewed.",
    ]);
  });

  it("does not name a managed policy that the stack itself removes", async () => {
    const managedPolicyArns = ["arn:aws:iam::aws:policy/AdministratorAccess"];
    const attached = { ...role, props: { ...role.props, name: "role-1", managedPolicyArns } };
    const exclusive = {
      type: "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
      props: { roleName: "role-1", policyArns: [] },
    };

    const foundWith = async (inputs: Resource, ...resources: Resource[]) => {
      const pack = start(reviewed);
      await pack.analyze(inputs);
      return messagesOf((await pack.analyzeStack(resources)).verdicts);
    };

    const stack = [attached, alerts, policy(publish)];
    expect(await foundWith(role, ...stack)).to.have.length(1);
    expect(await foundWith(role, ...stack, exclusive)).to.deep.equal([]);
    // The program itself attaches it.
    expect(await foundWith(attached, ...stack, exclusive)).to.have.length(1);
  });

  it("stops a document with an action that the file has nowhere before it is made", async () => {
    const pack = start(reviewed);
    const wide = policy({ ...publish, Action: ["sns:Publish", "sns:DeleteTopic"] });

    expect(messagesOf((await pack.analyze(wide)).verdicts)).to.deep.equal([
      "policy: policy, statement Tell: + sns:DeleteTopic: grants.lock.json does not list it, so the stack would grant more than was reviewed. Remove it, or regenerate grants.lock.json and have the change reviewed.",
    ]);
    expect(messagesOf((await pack.analyzeStack([role, alerts, wide])).verdicts)).to.deep.equal([]);
  });

  it("names an action that is another role's", async () => {
    const two = { ...reviewed, "aws:iam/role:Role two": { "sns:Subscribe": ["*"] } };
    const wide = policy(publish, allow("More", "sns:Subscribe", "*"));

    expect((await found(two, role, alerts, wide)).map((it) => it.slice(0, 40))).to.deep.equal([
      "role: + sns:Subscribe on *: grants.lock.",
      "advisory: role: - sns:Subscribe on *: th",
    ]);
  });

  it("advises where less is granted", async () => {
    expect(await found(reviewed, role, alerts)).to.deep.equal([
      "advisory: role: - sns:Publish on aws:sns/topic:Topic alerts: the stack grants less than grants.lock.json lists. Regenerate grants.lock.json.",
    ]);
  });

  it("treats a removed Deny as wider, and a new one as narrower", async () => {
    const deny = { ...publish, Sid: "Never", Effect: "Deny", Action: "sns:DeleteTopic" };
    const denying = {
      "aws:iam/role:Role role": {
        ...reviewed["aws:iam/role:Role role"],
        "Deny sns:DeleteTopic": ["aws:sns/topic:Topic alerts"],
      },
    };

    expect((await found(denying, role, alerts, policy(publish)))[0]).to.match(
      /^role: - Deny sns:DeleteTopic on aws:sns\/topic:Topic alerts: grants.lock.json does not list/,
    );
    expect((await found(reviewed, role, alerts, policy(publish, deny)))[0]).to.match(
      /^advisory: role: \+ Deny sns:DeleteTopic/,
    );
  });

  it("treats a removed condition as wider", async () => {
    const key = "aws:PrincipalOrgID";
    const on = {
      "aws:iam/role:Role role": {
        "sns:Publish": [`aws:sns/topic:Topic alerts if StringEquals ${key} o-abc123`],
      },
    };
    const narrow = { ...publish, Condition: { StringEquals: { [key]: "o-abc123" } } };
    const wide = { ...publish, Condition: { StringEquals: { [key]: "o-def456" } } };

    expect(await found(on, role, alerts, policy(narrow))).to.deep.equal([]);
    for (const it of [publish, wide]) {
      expect((await found(on, role, alerts, policy(it)))[0]).to.match(/^role: \+ sns:Publish/);
    }
  });

  it("shows a value that could be a secret as a digest, and reports its change", async () => {
    const condition = (value: string) => ({
      ...publish,
      Condition: { StringEquals: { "sts:ExternalId": value } },
    });
    const lock = (await written(role, alerts, policy(condition("hunter2 one")))) as object;

    expect(JSON.stringify(lock)).to.include("StringEquals sts:ExternalId #");
    expect(JSON.stringify(lock)).not.to.include("hunter2");
    expect(await found(lock, role, alerts, policy(condition("hunter2 one")))).to.deep.equal([]);
    expect((await found(lock, role, alerts, policy(condition("hunter2 two"))))[0]).to.match(
      /^role: \+ sns:Publish/,
    );
  });

  it("has no digest of a condition value that is marked as secret, which could be guessed", async () => {
    const withId = (id: unknown) =>
      component({
        sid: "Tell",
        actions: ["sns:Publish"],
        resources: [topicArn("alerts")],
        conditions: { StringEquals: { "sts:ExternalId": id } },
      });
    const lock = await written(alerts, withId(secret("pin 0042")));

    expect(JSON.stringify(lock)).to.include("if StringEquals sts:ExternalId (secret)");
    expect(await found(lock, alerts, withId(secret("pin 0042")))).to.deep.equal([]);
    expect(await found(lock, alerts, withId("pin 0042"))).to.have.length(2);
  });

  it("accepts no action and no resource that is marked as secret", async () => {
    for (const grant of [
      { actions: [secret("x IAM")], resources: [topicArn("alerts")] },
      { actions: ["sns:Publish"], resources: [secret("x arn")] },
    ]) {
      const stack = [alerts, component({ sid: "Tell", ...grant })];
      const lock = await written(...stack);

      expect(JSON.stringify(lock)).to.include("(secret)");
      expect((await found(lock, ...stack)).join()).to.include("does not list it");
    }
  });

  it("distinguishes wildcards of services in capitals", async () => {
    const wide = (Action: string) => policy({ ...publish, Action });
    const lock = await written(role, alerts, wide("SNS:Pub*"));

    expect(JSON.stringify(lock)).to.include('"sns:Pub*"');
    expect(await found(lock, role, alerts, wide("sns:Pub*"))).to.deep.equal([]);
    expect(await found(lock, role, alerts, wide("SNS:Sub*"))).not.to.deep.equal([]);
  });

  it("compares actions case-insensitively", async () => {
    const other = policy({ ...publish, Action: "SNS:publish" });
    const pack = start(reviewed);

    expect(messagesOf((await pack.analyze(other)).verdicts)).to.deep.equal([]);
    expect(await found(reviewed, role, alerts, other)).to.deep.equal([]);
  });

  it("keeps identities apart that have one name in two components", async () => {
    const [one, two] = ["one", "two"].map((name): Resource[] => {
      const parent: Resource = { type: "test:index:Part", name, props: {} };
      const own: Resource = { ...role, parent, urn: `urn:${name}` };
      return [parent, own];
    }) as [Resource[], Resource[]];
    const policyOf = (owner: Resource | undefined): Resource => ({
      ...policy(publish),
      name: `${owner?.parent?.name}-policy`,
      dependsOn: { role: owner ? [owner] : [] },
    });
    const lock = await written(...one, ...two, alerts, policyOf(one[1]));

    expect(Object.keys(lock)).to.deep.equal(["aws:iam/role:Role role of test:index:Part one"]);
    expect(await found(lock, ...one, ...two, alerts, policyOf(one[1]))).to.deep.equal([]);
    expect(await found(lock, ...one, ...two, alerts, policyOf(two[1]))).to.have.length(2);
  });

  it("says so where it cannot write", async () => {
    const settings = { "grants-file": { file: "no/such/folder/grants.json" } };
    const environment = { WRITE_GRANTS_FILE: "1" };
    const pack = startPack({
      rules: [ruleNamed("grants-file")],
      settings,
      folder,
      environment,
    });

    expect(messagesOf((await pack.analyzeStack([role])).verdicts)[0]).to.include(
      "grants file no/such/folder/grants.json: it cannot be written: ENOENT",
    );
  });

  it("knows an unknown ARN by where it comes from", async () => {
    const grant = { sid: "Tell", actions: ["sns:Publish"], resources: [unknown] };
    const other = topic("other");

    expect(
      await found(reviewed, role, alerts, ...granted([grant], { grants: [alerts] })),
    ).to.deep.equal([]);
    expect(
      (await found(reviewed, role, alerts, other, ...granted([grant], { grants: [other] })))[0],
    ).to.match(/^role: \+ sns:Publish on aws:sns\/topic:Topic other…:/);
  });

  it("distinguishes what is below a resource as soon as it is known", async () => {
    const bucket: Resource = { type: "aws:s3/bucket:Bucket", name: "b", props: { bucket: "data" } };
    const file = {
      "aws:iam/role:Role role": { "s3:GetObject": ["aws:s3/bucket:Bucket b/public/*"] },
    };
    const get = (below: string) =>
      policy(allow("Get", "s3:GetObject", `arn:aws:s3:::data${below}`));
    const grant = { sid: "Get", actions: ["s3:GetObject"], resources: [unknown] };

    expect(await found(file, role, bucket, get("/public/*"))).to.deep.equal([]);
    expect((await found(file, role, bucket, get("/*")))[0]).to.match(/^role: \+ s3:GetObject on/);
    expect(
      await found(file, role, bucket, ...granted([grant], { grants: [bucket] })),
    ).to.deep.equal([]);
  });

  it("treats a managed policy as wider", async () => {
    const attached: Resource = {
      ...role,
      props: { managedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"] },
    };
    const own = { ...policy(publish), dependsOn: { role: [attached] } };

    expect((await found(reviewed, attached, alerts, own))[0]).to.match(
      /^role: \+ managed policies on arn:aws:iam::aws:policy\/AdministratorAccess/,
    );
  });

  it("writes the file, sorted and the same for every stack, where it is asked to", async () => {
    const statements = [
      allow("B", ["sqs:SendMessage", "sns:Publish"], topicArn("alerts")),
      allow("A", "ec2:DescribeInstances", "*"),
    ];
    const pack = start(undefined, { WRITE_GRANTS_FILE: "1" });

    const { verdicts } = await pack.analyzeStack([role, known, policy(...statements)]);

    expect(messagesOf(verdicts)).to.deep.equal([
      `advisory: role: grants file ${join(folder, "grants.lock.json")}: it was written with 3 entries, not compared. Have the change reviewed.`,
    ]);
    expect(readFileSync(join(folder, "grants.lock.json"), "utf8")).to.equal(`{
  "aws:iam/role:Role role": {
    "ec2:DescribeInstances": [
      "*"
    ],
    "sns:Publish": [
      "aws:sns/topic:Topic alerts"
    ],
    "sqs:SendMessage": [
      "aws:sns/topic:Topic alerts"
    ]
  }
}
`);
  });

  describe("with WRITE_GRANTS_FILE", () => {
    const compared =
      "role: + sns:Publish on aws:sns/topic:Topic alerts: grants.lock.json does not list it, so the stack would grant more than was reviewed. Remove it, or regenerate grants.lock.json and have the change reviewed.";
    const before = JSON.stringify({ "aws:iam/role:Role role": { "sns:Publish": [] } });
    const stack = [role, alerts, policy(publish)];
    const path = () => join(folder, "grants.lock.json");

    for (const value of ["0", "true", "yes", " 1"]) {
      it(`compares the file, and says so, if the value is ${JSON.stringify(value)}`, async () => {
        const pack = start(before, { WRITE_GRANTS_FILE: value });

        expect(messagesOf((await pack.analyzeStack(stack)).verdicts)).to.deep.equal([
          `role: WRITE_GRANTS_FILE in the environment: its value is ${JSON.stringify(value)}, so the grants file is compared, not written. Set it to 1 to write the file, or unset it.`,
          compared,
        ]);
        expect(readFileSync(path(), "utf8")).to.equal(before);
      });
    }

    it("compares the file if the value is empty", async () => {
      const pack = start(reviewed, { WRITE_GRANTS_FILE: "" });

      expect(messagesOf((await pack.analyzeStack(stack)).verdicts)).to.deep.equal([]);
    });

    for (const CI of ["true", "1", "woodpecker"]) {
      it(`never writes the file where CI is ${CI}`, async () => {
        const pack = start(before, { WRITE_GRANTS_FILE: "1", CI });

        expect(messagesOf((await pack.analyzeStack(stack)).verdicts)[0]).to.equal(
          "role: WRITE_GRANTS_FILE in the environment: CI is set, and a pipeline must not write the file that it compares. Unset WRITE_GRANTS_FILE in the pipeline, and write the file on your machine.",
        );
        expect(readFileSync(path(), "utf8")).to.equal(before);
      });
    }

    for (const CI of ["", "false", "0"]) {
      it(`writes the file where CI is ${JSON.stringify(CI)}`, async () => {
        await start(before, { WRITE_GRANTS_FILE: "1", CI }).analyzeStack(stack);

        expect(JSON.parse(readFileSync(path(), "utf8"))).to.deep.equal(reviewed);
      });
    }

    it("says that nothing was written where no file is configured", async () => {
      const rules = [ruleNamed("grants-file")];
      const pack = startPack({ rules, environment: { WRITE_GRANTS_FILE: "1" } });

      expect(messagesOf((await pack.analyzeStack(stack)).verdicts)).to.deep.equal([
        "advisory: role: WRITE_GRANTS_FILE in the environment: the configuration has no grants file, so none was written. Set grants-file.file in the pack's configuration.",
      ]);
    });

    it("does not write through a symbolic link", async () => {
      const target = join(folder, "somewhere-else");
      writeFileSync(target, "precious");
      const pack = start(undefined, { WRITE_GRANTS_FILE: "1" });
      symlinkSync(target, path());

      const { verdicts } = await pack.analyzeStack(stack);

      expect(messagesOf(verdicts).at(-1)).to.equal(
        "role: grants file grants.lock.json: it was not written because a symbolic link is there. Set grants-file.file in the pack's configuration (a relative path starts at POLICY_FOLDER, or else at the program's folder; for a pack in a folder, at the pack's).",
      );
      expect(readFileSync(target, "utf8")).to.equal("precious");
    });

    it("leaves no draft behind", async () => {
      await start(before, { WRITE_GRANTS_FILE: "1" }).analyzeStack(stack);

      expect(readdirSync(folder).filter((it) => it.includes("draft"))).to.deep.equal([]);
    });
  });

  for (const [what, content, problem] of [
    ["no file", undefined, "it cannot be read: ENOENT"],
    ["no JSON", "{", "it is not JSON"],
    ["another format", { role: ["sns:Publish"] }, "it is not an object of identity → action →"],
  ] as const) {
    it(`fails for ${what}`, async () => {
      const [finding] = await found(content, role, policy(publish));

      expect(finding).to.include(`role: grants file grants.lock.json: ${problem}`);
    });
  }

  it("has nothing to say where no file is configured", async () => {
    const pack = startPack({ rules: [ruleNamed("grants-file")] });

    expect((await pack.analyzeStack([role, policy(publish)])).verdicts).to.deep.equal([]);
    expect((await pack.analyze(policy(publish))).verdicts).to.deep.equal([]);
  });
});
