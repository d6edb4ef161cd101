import { expect } from "chai";
import type { TestEnvironment } from "../../../sandbox/test-environment.ts";
import { setOptionsInBootstrap, setOptionsInStack } from "./every-option.ts";
import {
  driftCheck,
  type Login,
  type PipelineEnvironment,
  startPipelineEnvironment,
  withPack,
} from "./pipeline-environment.ts";

describe("the pipeline's roles with every option", () => {
  let started: PipelineEnvironment;
  let environment: TestEnvironment;
  let preview: Login;
  let deploy: Login;
  before(async () => {
    started = await startPipelineEnvironment();
    ({ environment, preview, deploy } = started);
  });
  after(() => environment.stop());

  const run = (line: string, login: Login) => started.run(line, login);
  const refused = () => started.refused();

  it("are created by bootstrap, in which the policy pack finds nothing", async () => {
    const output = await setOptionsInBootstrap(started);

    expect(output).to.match(/Policy\s+boundary-chat-role\s+created/);
  });

  it("permit the first preview of all options, the whole `up` and the drift check", async () => {
    await setOptionsInStack(started);
    const output = await run(`pulumi preview ${withPack}`, preview);
    await run(`pulumi up --yes ${withPack}`, deploy);
    await run("pulumi up --yes --skip-preview --expect-no-changes", deploy);
    await run(driftCheck, preview);

    expect(output).to.match(/SlackChannelConfiguration\s+chat-slack/);
    expect(refused()).to.deep.equal([]);
  });
});
