import { expect } from "chai";
import type { Ended } from "../../../sandbox/engine/checkout.ts";
import { StackClient } from "../../../sandbox/scenario/stack-client.ts";
import { startTestEnvironment, type TestEnvironment } from "../../../sandbox/test-environment.ts";
import { createAuthorizer, type Decision } from "../../rehearsal/authorizer/authorizer.ts";
import { jobs } from "../../rehearsal/github-token.ts";
import { createPipeline, type Pipeline } from "../../rehearsal/pipeline.ts";

/** Variables of a login, with which commands of a checkout run. */
export type Login = Readonly<Record<string, string>>;

/** An environment with a pipeline, and the three logins of its users. */
export interface PipelineEnvironment {
  readonly environment: TestEnvironment;
  readonly pipeline: Pipeline;
  /** Every decision of the authorizer, in order. */
  readonly decisions: readonly Decision[];
  readonly preview: Login;
  readonly deploy: Login;
  /** The person's who set the pipeline up. */
  readonly own: Login;
  /** Runs a line of shell in the checkout; the test fails if the line does. Returns its output. */
  run(line: string, login: Login): Promise<string>;
  /** The same for a line that may fail. */
  attempt(line: string, login: Login): Promise<Ended>;
  /** What was refused since the last time that this was called: `ACTION on RESOURCE`. */
  refused(): string[];
}

/** The policy pack as the workflows run it. */
export const withPack = "--policy-pack policy/bin/pack.js --policy-pack-config policy-config.json";

/** The error's name, or "no error". */
export const nameOfError = (call: Promise<unknown>) =>
  call.then(
    () => "no error",
    (error: Error) => error.name,
  );

/** What the drift workflow runs. */
export const driftCheck = "pulumi refresh --preview-only --expect-no-changes --non-interactive";

export async function startPipelineEnvironment(): Promise<PipelineEnvironment> {
  const decisions: Decision[] = [];
  const environment = await startTestEnvironment({
    createAuthorizer: (sources) => createAuthorizer(sources, decisions),
  });
  const pulumi = process.env.SANDBOX_PULUMI ?? "";
  const pipeline = await createPipeline(environment, { folder: environment.folder, pulumi });
  const { AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "" } = environment.variables;
  const attempt = (line: string, login: Login) => pipeline.checkout.run(line, login);
  let reported = 0;
  return {
    environment,
    pipeline,
    decisions,
    preview: await pipeline.session("preview", jobs.preview),
    deploy: await pipeline.session("deploy", jobs.up),
    own: {
      PULUMI_BACKEND_URL: pipeline.variables.PULUMI_BACKEND_URL ?? "",
      AWS_ACCESS_KEY_ID,
      AWS_SECRET_ACCESS_KEY,
    },
    attempt,
    async run(line, login) {
      const { code, output, error } = await attempt(line, login);
      expect(code, `${line}\n${output}${error}`).to.equal(0);
      return output;
    },
    refused() {
      const fresh = decisions.slice(reported);
      reported = decisions.length;
      return fresh.filter((it) => !it.isAllowed).map((it) => `${it.action} on ${it.resource}`);
    },
  };
}

/** Posts an alert to the deployed function, and returns its response. */
export async function postAlert({
  environment,
  run,
  deploy,
}: PipelineEnvironment): Promise<object> {
  const outputs = await run("pulumi stack output --json --show-secrets", deploy);
  const client = new StackClient(environment, JSON.parse(outputs));
  const { body } = await client.postAlert(environment.webhookToken);
  return JSON.parse(body);
}
