import {
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
} from "@aws-sdk/client-eventbridge";
import type { EmulatorTarget } from "../emulator.ts";
import type { Middleware } from "../middleware/middleware.ts";
import { unlessGone } from "../provider/aws-target.ts";
import { check, failure, type Input, inputOf, ServiceError } from "./json-service.ts";
import { checkPattern } from "./pipes.ts";
import { integer, listOf, mapOf, string, structure } from "./shapes.ts";

// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html
const name = string({ min: 1, max: 64, pattern: /[.\-_A-Za-z0-9]+/ });
const busName = string({
  min: 1,
  max: 1600,
  pattern: /(arn:aws[\w-]*:events:[a-z]+-[a-z]+-[\w-]+:[0-9]{12}:event-bus\/)?[/.\-_A-Za-z0-9]+/,
});
const tags = listOf(structure({ Key: string({ min: 1, max: 128 }), Value: string({ max: 256 }) }));
const roleArn = string({ min: 1, max: 1600 });
const target = structure(
  {
    Id: name,
    Arn: string({ min: 1, max: 1600 }),
    RoleArn: roleArn,
    InputTransformer: structure(
      {
        InputPathsMap: mapOf(
          string({ min: 1, max: 256, pattern: /[A-Za-z0-9_-]+/ }),
          string({ max: 256 }),
          { max: 100 },
        ),
        InputTemplate: string({ min: 1, max: 8192 }),
      },
      ["InputTemplate"],
    ),
    DeadLetterConfig: structure({ Arn: string({ min: 1, max: 1600 }) }),
    RetryPolicy: structure({
      MaximumRetryAttempts: integer(0, 185),
      MaximumEventAgeInSeconds: integer(60, 86_400),
    }),
  },
  ["Id", "Arn"],
);
const inputs = {
  CreateEventBus: structure(
    {
      Name: string({ min: 1, max: 256, pattern: /[/.\-_A-Za-z0-9]+/ }),
      Description: string({ max: 512 }),
      Tags: tags,
    },
    ["Name"],
  ),
  PutRule: structure(
    {
      Name: name,
      EventPattern: string({ max: 4096 }),
      State: string({ values: ["ENABLED", "DISABLED"] }),
      Description: string({ max: 512 }),
      Tags: tags,
      EventBusName: busName,
    },
    ["Name"],
  ),
  PutTargets: structure(
    // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
    { Rule: name, EventBusName: busName, Targets: listOf(target, { min: 1, max: 5 }) },
    ["Rule", "Targets"],
  ),
} as const;

/** Refuses calls of event buses, rules and targets that AWS refuses and the emulator does not. */
export function checkEventRules(emulator: EmulatorTarget): Middleware {
  const events = new EventBridgeClient(emulator);

  const checks: Readonly<Record<string, (input: Input) => void | Promise<void>>> = {
    CreateEventBus: (input) => check(inputs.CreateEventBus, input),
    PutRule(input) {
      check(inputs.PutRule, input);
      if (!input.EventPattern)
        invalid("Parameter(s) EventPattern or ScheduleExpression must be specified");
      checkPattern(input.EventPattern);
    },
    PutTargets(input) {
      check(inputs.PutTargets, input);
      for (const it of input.Targets) checkTarget(it);
    },
    async DeleteRule({ Name: Rule, EventBusName }) {
      const listed = events.send(new ListTargetsByRuleCommand({ Rule, EventBusName }));
      if ((await unlessGone(listed))?.Targets?.length) {
        invalid("Rule can't be deleted since it has targets.");
      }
    },
    async DeleteEventBus({ Name: EventBusName }) {
      const listed = events.send(new ListRulesCommand({ EventBusName }));
      if ((await unlessGone(listed))?.Rules?.length) {
        invalid(`Event bus ${EventBusName} can't be deleted since it has rules.`);
      }
    },
  };

  return async (call, next) => {
    const [service, operation = ""] = call.action.split(":");
    const checkInput = service === "events" ? checks[operation] : undefined;
    try {
      await checkInput?.(inputOf(call.body));
    } catch (error) {
      if (error instanceof ServiceError) return failure(error);
      throw error;
    }
    return next(call);
  };
}

/** A template's placeholders must be paths, and with them it must be JSON. */
function checkTarget({ Arn, RoleArn, InputTransformer, DeadLetterConfig }: Input): void {
  if (/:(api-destination|event-bus)\//.test(Arn) && RoleArn === undefined) {
    invalid(`RoleArn is required for target ${Arn}.`);
  }
  if (DeadLetterConfig && !/^arn:aws:sqs:.*(?<!\.fifo)$/.test(DeadLetterConfig.Arn)) {
    invalid(
      `Parameter DeadLetterConfig is not valid. Reason: ${DeadLetterConfig.Arn} is not a standard queue.`,
    );
  }
  if (!InputTransformer) return;
  const { InputPathsMap = {}, InputTemplate } = InputTransformer;
  for (const [key, path] of Object.entries(InputPathsMap)) {
    if (/^AWS/i.test(key)) invalid(`Invalid InputTransformer: ${key} must not begin with AWS`);
    if (!/^\$(\.[\w-]+)*$/.test(String(path))) {
      invalid(`Invalid InputTransformer: ${path} is not a JSON path`);
    }
  }
  const filled = InputTemplate.replace(/<([^<>]*)>/g, (_: string, key: string) => {
    if (!Object.hasOwn(InputPathsMap, key) && !key.startsWith("aws.events.")) {
      invalid(`Invalid InputTemplate: the placeholder ${key} is not in InputPathsMap`);
    }
    return '""';
  });
  try {
    JSON.parse(filled);
  } catch {
    invalid(`Invalid InputTemplate: it is not JSON: ${InputTemplate}`);
  }
}

function invalid(message: string): never {
  throw new ServiceError("ValidationException", message);
}
