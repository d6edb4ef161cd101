import { expect } from "chai";
import { allow, lambda, ownLog, policy, role, topicArn } from "../function-stack.ts";
import { codeOf, type Resource, stackFindings, unknown } from "../support.ts";

const publishing = 'import boto3\n\ndef send():\n    boto3.client("sns").publish(Message="hi")\n';
const subscribe = allow("Other", "sns:Subscribe", topicArn("alerts"));

/** A Python function of the role, with these files and properties. */
function worker(
  files: Readonly<Record<string, string>>,
  props: Record<string, unknown> = {},
  dependsOn: Record<string, readonly Resource[]> = {},
): Resource {
  const all = { runtime: "python3.14", handler: "app.handler", code: codeOf(files), ...props };
  return lambda({ props: all, dependsOn });
}

const layer = (files: Readonly<Record<string, string>>): Resource => ({
  type: "aws:lambda/layerVersion:LayerVersion",
  name: "shared",
  props: { arn: unknown, code: codeOf(files) },
});

/** What is missing in a role that may only write the log, and subscribe. */
const missing = (...resources: Resource[]) =>
  stackFindings("missing-grant", [role, policy(ownLog, subscribe), ...resources]);

const publishes = (where: string) =>
  `role: sns:Publish: the code of worker calls publish of boto3.client("sns") (${where}), and the role does not allow it. Allow it.`;
const gap = (why: string) =>
  `advisory: worker: code: it is not fully compared with the role: ${why}. Review the role manually; only the calls that were read are checked.`;

describe("the package of a Python function", () => {
  const app = "from shared import notify\n\ndef handler(event, context):\n    notify.send()\n";

  it("has the modules of its layers", async () => {
    const one = layer({ "python/shared/__init__.py": "#", "python/shared/notify.py": publishing });

    expect(
      await missing(one, worker({ "app.py": app }, { layers: [unknown] }, { layers: [one] })),
    ).to.deep.equal([publishes("/opt/python/shared/notify.py:4")]);
  });

  it("has its own modules rather than those of its layers", async () => {
    const one = layer({ "python/shared/notify.py": publishing });
    const own = { "app.py": app, "shared/notify.py": "def send():\n    pass\n" };

    expect(await missing(one, worker(own, { layers: [unknown] }, { layers: [one] }))).to.deep.equal(
      [],
    );
  });

  it("has the libraries of the public layer of Powertools", async () => {
    const using =
      "from aws_lambda_powertools import Logger\n\ndef handler(event, context):\n    pass\n";
    const arn =
      "arn:aws:lambda:us-east-1:017000801446:layer:AWSLambdaPowertoolsPythonV3-python314-arm64:27";

    expect(await missing(worker({ "app.py": using }, { layers: [arn] }))).to.deep.equal([]);
    expect(await missing(worker({ "app.py": using }))).to.deep.equal([
      gap("its code imports aws_lambda_powertools (app.py:1), which is not in its package"),
    ]);
  });

  describe("whose handler is a library's", () => {
    const handler = "datadog_lambda.handler.handler";
    const files = {
      "app.py": "def handler(event, context):\n    pass\n",
      "jobs/nightly.py": `${publishing}\ndef run(event, context):\n    send()\n`,
    };

    it("starts at the handler in the variable", async () => {
      const environment = { variables: { DD_LAMBDA_HANDLER: "jobs.nightly.run" } };

      expect(await missing(worker(files, { handler, environment }))).to.deep.equal([
        publishes("jobs/nightly.py:4"),
      ]);
    });

    it("is read as a whole if the variable is not known", async () => {
      const environment = { variables: { DD_LAMBDA_HANDLER: unknown } };

      expect(await missing(worker(files, { handler, environment }))).to.include(
        gap(
          `its code is read as a whole, since the module of its handler ${handler} is not in its package`,
        ),
      );
    });

    it("has a gap if a variable makes the library call AWS", async () => {
      const variables = { DD_LAMBDA_HANDLER: "app.handler", DD_API_KEY_SECRET_ARN: unknown };
      const library = {
        "datadog_lambda/handler.py": "#",
        "datadog_lambda-8.1.dist-info/RECORD": "datadog_lambda/handler.py,,\n",
      };
      const found = await missing(
        worker({ ...files, ...library }, { handler, environment: { variables } }),
      );

      expect(found).to.deep.equal([
        gap("its code includes datadog_lambda (datadog_lambda/handler.py), which calls AWS itself"),
      ]);
    });
  });
});
