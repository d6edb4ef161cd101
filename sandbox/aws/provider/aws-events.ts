import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  EventBridgeClient,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  type RuleState,
  TagResourceCommand,
  type Target,
  UntagResourceCommand,
  UpdateEventBusCommand,
} from "@aws-sdk/client-eventbridge";
import { isValues, normalizeJson, type Values } from "../../engine/values.ts";
import { givenTags, tagList, tagsOf } from "./aws-tags.ts";
import { type AwsTarget, unlessGone } from "./aws-target.ts";
import type { Tagger } from "./default-tags.ts";
import { names, type ResourceType, text } from "./resource-type.ts";

/** Event buses with their rules and the targets of those. */
export function eventsResources(target: AwsTarget): Record<string, ResourceType> {
  const events = new EventBridgeClient(target);

  const arnIn = (state: Values) => ({ ResourceARN: text(state, "arn") });
  const tagger: Tagger = {
    list: async (_, state) =>
      tagsOf((await events.send(new ListTagsForResourceCommand(arnIn(state)))).Tags),
    tag: (_, state, tags) =>
      events.send(new TagResourceCommand({ ...arnIn(state), Tags: tagList(tags) })),
    untag: (_, state, TagKeys) =>
      events.send(new UntagResourceCommand({ ...arnIn(state), TagKeys })),
  };

  const bus: ResourceType = {
    inputs: names("name description"),
    replaces: ["name"],
    autoName: "name",
    tagger,
    async create(inputs) {
      const Name = text(inputs, "name");
      const { EventBusArn = null } = await events.send(
        new CreateEventBusCommand({
          Name,
          Description: inputs.description as string | undefined,
          Tags: givenTags(inputs.tagsAll),
        }),
      );
      return { id: Name, outputs: { arn: EventBusArn } };
    },
    async read(Name, state) {
      const found = await unlessGone(events.send(new DescribeEventBusCommand({ Name })));
      return found && { ...state, name: Name, description: found.Description ?? "" };
    },
    async update(Name, inputs) {
      const Description = String(inputs.description ?? "");
      await events.send(new UpdateEventBusCommand({ Name, Description }));
      return {};
    },
    async delete(Name) {
      await events.send(new DeleteEventBusCommand({ Name }));
    },
  };

  const putRule = (inputs: Values) =>
    events.send(
      new PutRuleCommand({
        Name: text(inputs, "name"),
        EventBusName: text(inputs, "eventBusName"),
        Description: inputs.description as string | undefined,
        EventPattern: text(inputs, "eventPattern"),
        State: (inputs.state ?? "ENABLED") as RuleState,
        // Only with a new rule: PutRule of an existing one does not change tags.
        Tags: givenTags(inputs.tagsAll),
      }),
    );

  const rule: ResourceType = {
    inputs: names("name description eventBusName eventPattern state"),
    replaces: ["name", "eventBusName"],
    autoName: "name",
    json: ["eventPattern"],
    defaults: { state: "ENABLED", forceDestroy: false },
    tagger,
    async create(inputs) {
      const { RuleArn = null } = await putRule(inputs);
      const id = `${text(inputs, "eventBusName")}/${text(inputs, "name")}`;
      return { id, outputs: { arn: RuleArn, isEnabled: true } };
    },
    async read(id, state) {
      const [EventBusName, Name] = id.split("/");
      const command = new DescribeRuleCommand({ Name, EventBusName });
      const found = await unlessGone(events.send(command));
      return (
        found && {
          ...state,
          description: found.Description ?? "",
          eventPattern: normalizeJson(found.EventPattern ?? ""),
          state: found.State ?? null,
          isEnabled: found.State === "ENABLED",
        }
      );
    },
    async update(_id, { tagsAll: _, ...inputs }) {
      await putRule(inputs);
      return { isEnabled: (inputs.state ?? "ENABLED") === "ENABLED" };
    },
    async delete(id) {
      const [EventBusName, Name] = id.split("/");
      await events.send(new DeleteRuleCommand({ Name, EventBusName }));
    },
  };

  const ruleOf = (state: Values) => ({
    EventBusName: text(state, "eventBusName"),
    Rule: text(state, "rule"),
  });

  async function putTarget(inputs: Values): Promise<void> {
    const command = new PutTargetsCommand({ ...ruleOf(inputs), Targets: [targetOf(inputs)] });
    const { FailedEntries = [] } = await events.send(command);
    const [failed] = FailedEntries;
    if (failed) throw new Error(`${failed.ErrorCode}: ${failed.ErrorMessage}`);
  }

  async function findTarget(state: Values): Promise<Target | undefined> {
    const command = new ListTargetsByRuleCommand(ruleOf(state));
    const { Targets = [] } = (await unlessGone(events.send(command))) ?? {};
    return Targets.find(({ Id }) => Id === state.targetId);
  }

  const eventTarget: ResourceType = {
    inputs: names(
      "eventBusName rule targetId arn roleArn inputTransformer retryPolicy deadLetterConfig",
    ),
    replaces: ["eventBusName", "rule", "targetId"],
    hasFixedName: true,
    defaults: { forceDestroy: false },
    async create(inputs) {
      await putTarget(inputs);
      const { EventBusName, Rule } = ruleOf(inputs);
      return { id: `${EventBusName}-${Rule}-${text(inputs, "targetId")}`, outputs: {} };
    },
    async read(_id, state) {
      const found = await findTarget(state);
      if (!found) return undefined;
      const { InputTransformer, RetryPolicy } = found;
      return {
        ...state,
        arn: found.Arn ?? null,
        roleArn: found.RoleArn ?? "",
        inputTransformer: InputTransformer
          ? {
              inputPaths: InputTransformer.InputPathsMap ?? {},
              inputTemplate: InputTransformer.InputTemplate ?? null,
            }
          : null,
        retryPolicy: {
          maximumEventAgeInSeconds: RetryPolicy?.MaximumEventAgeInSeconds ?? 86_400,
          maximumRetryAttempts: RetryPolicy?.MaximumRetryAttempts ?? 185,
        },
        deadLetterConfig: { arn: found.DeadLetterConfig?.Arn ?? null },
      };
    },
    async update(_id, inputs) {
      await putTarget(inputs);
      return {};
    },
    async delete(_id, state) {
      const Ids = [text(state, "targetId")];
      await events.send(new RemoveTargetsCommand({ ...ruleOf(state), Ids }));
    },
  };

  return {
    "aws:cloudwatch/eventBus:EventBus": bus,
    "aws:cloudwatch/eventRule:EventRule": rule,
    "aws:cloudwatch/eventTarget:EventTarget": eventTarget,
  };
}

function targetOf(inputs: Values): Target {
  const { inputTransformer: transformer, retryPolicy: retry, deadLetterConfig: letters } = inputs;
  return {
    Id: text(inputs, "targetId"),
    Arn: text(inputs, "arn"),
    RoleArn: (inputs.roleArn as string | undefined) ?? undefined,
    InputTransformer: isValues(transformer)
      ? {
          InputPathsMap: transformer.inputPaths as Record<string, string>,
          InputTemplate: text(transformer, "inputTemplate"),
        }
      : undefined,
    RetryPolicy: isValues(retry)
      ? {
          MaximumEventAgeInSeconds: Number(retry.maximumEventAgeInSeconds),
          MaximumRetryAttempts: Number(retry.maximumRetryAttempts),
        }
      : undefined,
    DeadLetterConfig: isValues(letters) ? { Arn: text(letters, "arn") } : undefined,
  };
}
