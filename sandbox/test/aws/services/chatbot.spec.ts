import { expect } from "chai";
import { createChatbot } from "../../../aws/services/chatbot.ts";
import { ServiceError } from "../../../aws/services/json-service.ts";
import { apiCall, responseOf, startFakeEmulator } from "../../support.ts";

const slack = {
  ConfigurationName: "alerts",
  SlackTeamId: "T07EA123LEP",
  SlackChannelId: "C07EZ1ABC23",
  IamRoleArn: "arn:aws:iam::000000000000:role/chat",
};
const arn = "arn:aws:chatbot::000000000000:chat-configuration/slack-channel/alerts";

describe("channels of Amazon Q Developer in chat applications", () => {
  let emulator: Awaited<ReturnType<typeof startFakeEmulator>>;
  before(async () => {
    emulator = await startFakeEmulator(() => ({ status: 200 }));
  });
  after(() => emulator.stop());

  function service() {
    const { middleware } = createChatbot(emulator.target, async (role, _, code) => {
      if (!role.endsWith("/chat")) throw new ServiceError(code, `${role} cannot be assumed`);
    });
    return async (operation: string, input: object) => {
      const request = { service: "chatbot", method: "POST", path: `/${operation}` };
      const call = apiCall({ ...request, body: JSON.stringify(input) });
      const { status, body } = await middleware(call, async () => responseOf("{}"));
      return { status, ...JSON.parse(body.toString()) };
    };
  }

  it("get AdministratorAccess as their guardrail, and need no role of a person, unless they say otherwise", async () => {
    const { status, ChannelConfiguration } = await service()(
      "create-slack-channel-configuration",
      slack,
    );

    expect(status).to.equal(201);
    expect(ChannelConfiguration).to.deep.include({
      ChatConfigurationArn: arn,
      GuardrailPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"],
      UserAuthorizationRequired: false,
      LoggingLevel: "NONE",
    });
  });

  it("cannot be moved to another workspace", async () => {
    const call = service();
    await call("create-slack-channel-configuration", slack);
    const change = { ChatConfigurationArn: arn, SlackChannelId: "C2", SlackTeamId: "T2" };

    const { status, message } = await call("update-slack-channel-configuration", change);

    expect(status).to.equal(400);
    expect(message).to.match(/'slackTeamId' failed to satisfy constraint: no such member$/);
  });

  for (const [what, change, code, message] of [
    [
      "a workspace in lower case",
      { SlackTeamId: "t07ea" },
      "InvalidParameterException",
      /'slackTeamId' .* pattern/,
    ],
    [
      "a channel by its name",
      { SlackChannelId: "#alerts" },
      "InvalidParameterException",
      /'slackChannelId' .* pattern/,
    ],
    [
      "a name with a dot",
      { ConfigurationName: "a.b" },
      "InvalidParameterException",
      /'configurationName' .* pattern/,
    ],
    [
      "a role that it cannot assume",
      { IamRoleArn: "arn:aws:iam::000000000000:role/other" },
      "InvalidParameterException",
      /role\/other cannot be assumed$/,
    ],
    [
      "a missing channel",
      { SlackChannelId: undefined },
      "InvalidParameterException",
      /not be null/,
    ],
  ] as const) {
    it(`are refused with ${what}`, async () => {
      const found = await service()("create-slack-channel-configuration", { ...slack, ...change });

      expect(found.__type).to.equal(code);
      expect(found.message).to.match(message);
    });
  }

  it("have a name only once", async () => {
    const call = service();
    await call("create-slack-channel-configuration", slack);

    expect(await call("create-slack-channel-configuration", slack)).to.deep.equal({
      status: 409,
      __type: "ConflictException",
      message: "alerts already exists",
    });
  });
});
