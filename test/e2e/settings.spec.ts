import { expect } from "chai";
import {
  failureOf,
  startTestEnvironment,
  type TestEnvironment,
} from "../../sandbox/test-environment.ts";

describe("settings in the real engine", () => {
  let environment: TestEnvironment;
  before(async () => {
    environment = await startTestEnvironment();
  });
  after(() => environment.stop());

  it("are reported in one error if they are invalid, with the expected values and where to set them", async () => {
    const engine = await environment.createEngine({
      settings: {
        notificationEmail: { value: "nobody" },
        webhookToken: { value: "secret-but-too-short", secret: true },
        windowMinutes: { value: "9" },
        functionNam: { value: "typo" },
      },
    });

    const { message } = await failureOf(engine.preview());

    for (const key of ["notificationEmail", "webhookToken", "windowMinutes", "functionNam"]) {
      expect(message).to.include(`- ${key}: `);
    }
    expect(message).to.include("pulumi config set");
    expect(message).not.to.include("secret-but-too-short");
  });

  it("refuse a token that is not encrypted", async () => {
    const engine = await environment.createEngine({
      folder: `${environment.folder}/plain`,
      settings: { webhookToken: { value: environment.webhookToken } },
    });

    const { message } = await failureOf(engine.preview());

    expect(message).to.include("webhookToken: is not encrypted; set it with --secret");
    expect(message).not.to.include(environment.webhookToken);
  });

  it("accept a different window, and derive the settings that depend on it", async () => {
    const engine = await environment.createEngine({
      folder: `${environment.folder}/window`,
      settings: { windowMinutes: { value: "15" } },
    });

    const { changes } = await engine.preview();

    expect(changes.create).to.be.above(0);
  });

  it("refuse invalid project and stack names before anything is created, in the same error", async () => {
    const engine = await environment.createEngine({
      folder: `${environment.folder}/name`,
      stackName: "prod.eu-1",
      settings: { apiPath: { value: "//" } },
    });

    const { message } = await failureOf(engine.preview());

    expect(message).to.match(/- apiPath: got "\/\/"; .*\n- name of the stack .*: got "prod\.eu-1"/);
    expect(message).not.to.include("invalid queue name");
  });

  it("accept the root path, and every service accepts the names that contain it", async () => {
    const engine = await environment.createEngine({
      folder: `${environment.folder}/root`,
      stackName: "x".repeat(34),
      settings: { apiPath: { value: "/" } },
    });

    await engine.up();

    const { monitorId } = await engine.stack.outputs();
    expect(monitorId?.value).to.match(/^\w+$/);
    await engine.destroy();
  });
});
