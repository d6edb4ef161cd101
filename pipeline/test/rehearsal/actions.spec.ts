import { expect } from "chai";
import { type Run, standIns } from "../../rehearsal/actions.ts";
import type { Pipeline } from "../../rehearsal/pipeline.ts";
import type { Job } from "../../rehearsal/workflow.ts";

const job: Job = {
  needs: [],
  "runs-on": "x",
  "timeout-minutes": 1,
  permissions: {
    contents: "read",
    "id-token": "write",
    "security-events": "write",
    actions: "read",
  },
  steps: [],
};

describe("stand-ins for third-party actions", () => {
  const actions = standIns({ variables: {} } as Pipeline, {} as Run);

  for (const [name, input] of [
    ["actions/checkout", "submodules"],
    ["actions/setup-node", "registry-url"],
    ["aws-actions/configure-aws-credentials", "role-chaining"],
    ["github/codeql-action/upload-sarif", "wait-for-processing"],
  ] as const) {
    it(`refuses an input of ${name} that it would ignore`, async () => {
      const ended = await actions[name]?.({
        inputs: { [input]: "true" },
        job,
        workspace: "/none",
        place: (path) => path,
      }).catch((error: Error) => error.message);

      expect(ended).to.equal(`the input ${input} is not supported here`);
    });
  }
});
