import {
  CloudWatchClient,
  DeleteDashboardsCommand,
  GetDashboardCommand,
  PutDashboardCommand,
} from "@aws-sdk/client-cloudwatch";
import { expect } from "chai";
import { SumoLogicApi } from "../../operate/drill/sumo-logic.ts";
import type { Engine, EngineRun } from "../../sandbox/engine/engine.ts";
import { startTestEnvironment, type TestEnvironment } from "../../sandbox/test-environment.ts";

/** What a run changes and finds. */
const outline = ({ changes, violations }: EngineRun) => ({ changes, violations });

describe("the dashboards in the real engine, in this order", function () {
  this.timeout(600_000);

  let DashboardName: string;
  let environment: TestEnvironment;
  let engine: Engine;
  let cloudwatch: CloudWatchClient;
  before(async () => {
    environment = await startTestEnvironment();
    engine = await environment.createEngine({ settings: { dashboard: { value: "true" } } });
    cloudwatch = new CloudWatchClient(environment.aws);
  });
  after(() => environment.stop());

  it("pass the policy pack, and neither a later preview nor a refresh finds a change", async () => {
    const runs = {
      preview: outline(await engine.preview()),
      up: outline(await engine.up()),
      previewAgain: outline(await engine.preview()),
      refresh: outline(await engine.refresh()),
      previewAfterRefresh: outline(await engine.preview()),
    };

    // 44 without dashboards; a component and the two dashboards.
    expect(runs).to.deep.equal({
      preview: { changes: { create: 47 }, violations: [] },
      up: { changes: { create: 47 }, violations: [] },
      previewAgain: { changes: { same: 47 }, violations: [] },
      refresh: { changes: { same: 47 }, violations: [] },
      previewAfterRefresh: { changes: { same: 47 }, violations: [] },
    });
  });

  it("show the stack's own resources", async () => {
    const outputs = await engine.stack.outputs();
    DashboardName = outputs.dashboardUrl?.value.split("/").at(-1);
    expect(DashboardName).to.equal(`reboot-automation-${engine.stack.name}`);
    const { DashboardBody = "" } = await cloudwatch.send(
      new GetDashboardCommand({ DashboardName }),
    );

    expect(DashboardBody).to.include(outputs.instanceId?.value);
    expect(DashboardBody).to.include(`SOURCE '${outputs.logGroupName?.value}'`);
    const { widgets } = JSON.parse(DashboardBody);
    const [alarms] = widgets.filter(({ type }: { type: string }) => type === "alarm");
    expect(alarms.properties.alarms).to.have.length(9);
    for (const arn of alarms.properties.alarms) {
      expect(arn).to.match(
        /^arn:aws:cloudwatch:us-east-1:\d{12}:alarm:reboot-automation-\w+-alarms-/,
      );
    }
  });

  it("are put back when somebody changes one and deletes the other", async () => {
    const DashboardBody = JSON.stringify({ widgets: [] });
    await cloudwatch.send(new PutDashboardCommand({ DashboardName, DashboardBody }));
    const { id } = await sumoLogicDashboard();
    await deleteInSumoLogic(`v2/dashboards/${id}`);

    const refresh = await engine.refresh();
    expect(refresh.changes).to.deep.equal({ update: 1, delete: 1, same: 45 });
    const { changes } = await engine.up();
    expect(changes).to.deep.equal({ update: 1, create: 1, same: 45 });
  });

  it("are created again when somebody deletes the one in CloudWatch", async () => {
    await cloudwatch.send(new DeleteDashboardsCommand({ DashboardNames: [DashboardName] }));

    expect((await engine.refresh()).changes).to.deep.equal({ delete: 1, same: 46 });
    expect((await engine.up()).changes).to.deep.equal({ create: 1, same: 46 });
  });

  it("are removed with the setting, and nothing else changes", async () => {
    await engine.stack.setConfig("reboot-automation:dashboard", { value: "false" });

    expect((await engine.up()).changes).to.deep.equal({ delete: 3, same: 44 });
    expect((await engine.stack.outputs()).dashboardUrl).to.equal(undefined);
  });

  /** The dashboard as Sumo Logic has it. */
  async function sumoLogicDashboard() {
    const { deployment } = await engine.stack.exportStack();
    const { id } = deployment.resources.find(
      ({ type }: { type: string }) => type === "sumologic:index/dashboard:Dashboard",
    );
    return sumoLogic().then((api) => api.get(`v2/dashboards/${id}`));
  }

  async function access() {
    const config = await engine.stack.getAllConfig();
    const setting = (key: string) => config[`sumologic:${key}`]?.value ?? "";
    return {
      baseUrl: setting("baseUrl"),
      accessId: setting("accessId"),
      accessKey: setting("accessKey"),
    };
  }

  async function sumoLogic() {
    return new SumoLogicApi(await access());
  }

  async function deleteInSumoLogic(path: string) {
    const { baseUrl, accessId, accessKey } = await access();
    const authorization = `Basic ${Buffer.from(`${accessId}:${accessKey}`).toString("base64")}`;
    await fetch(new URL(path, baseUrl), { method: "DELETE", headers: { authorization } });
  }
});
