import { expect } from "chai";
import { failureOf, startTestWorld, type TestWorld } from "../../sandbox/test-world.ts";

describe("settings in the real engine", () => {
  let world: TestWorld;
  before(async () => {
    world = await startTestWorld();
  });
  after(() => world.stop());

  it("that are wrong are all named in one error, with what is expected and where to set them", async () => {
    const engine = await world.createEngine({
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
    const engine = await world.createEngine({
      folder: `${world.folder}/plain`,
      settings: { webhookToken: { value: world.webhookToken } },
    });

    const { message } = await failureOf(engine.preview());

    expect(message).to.include("webhookToken: is not encrypted; set it with --secret");
    expect(message).not.to.include(world.webhookToken);
  });

  it("accept another window alone, and compute what depends on it", async () => {
    const engine = await world.createEngine({
      folder: `${world.folder}/window`,
      settings: { windowMinutes: { value: "15" } },
    });

    const { changes } = await engine.preview();

    expect(changes.create).to.be.above(0);
  });

  it("refuse names of project and stack before anything is created, in the same error", async () => {
    const engine = await world.createEngine({
      folder: `${world.folder}/name`,
      stackName: "prod.eu-1",
      settings: { apiPath: { value: "//" } },
    });

    const { message } = await failureOf(engine.preview());

    expect(message).to.match(/- apiPath: got "\/\/"; .*\n- name of the stack .*: got "prod\.eu-1"/);
    expect(message).not.to.include("invalid queue name");
  });

  it("accept the root path, and every service the names that contain it", async () => {
    const engine = await world.createEngine({
      folder: `${world.folder}/root`,
      stackName: "x".repeat(34),
      settings: { apiPath: { value: "/" } },
    });

    await engine.up();

    const { monitorId } = await engine.stack.outputs();
    expect(monitorId?.value).to.match(/^\w+$/);
    await engine.destroy();
  });
});
