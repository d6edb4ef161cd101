import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DeleteDashboardsCommand,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  ListTagsForResourceCommand,
  PutDashboardCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch";
import { isValues, normalizeJson, type Values } from "../../engine/values.ts";
import { givenTags, tagList, tagsOf } from "./aws-tags.ts";
import { type AwsTarget, unlessGone } from "./aws-target.ts";
import { dashboardProblems } from "./dashboard-body.ts";
import { names, type ResourceType, text } from "./resource-type.ts";

export function cloudwatchResources(target: AwsTarget): Record<string, ResourceType> {
  const cloudwatch = new CloudWatchClient(target);

  async function find(name: string) {
    const { MetricAlarms } = await cloudwatch.send(
      new DescribeAlarmsCommand({ AlarmNames: [name] }),
    );
    return MetricAlarms?.[0];
  }

  /** Creates the alarm, or changes the one with that name. */
  async function put(inputs: Values): Promise<void> {
    const dimensions = isValues(inputs.dimensions) ? inputs.dimensions : {};
    const input = {
      AlarmName: text(inputs, "name"),
      AlarmDescription: text(inputs, "alarmDescription"),
      Namespace: text(inputs, "namespace"),
      MetricName: text(inputs, "metricName"),
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      Statistic: text(inputs, "statistic"),
      Period: inputs.period,
      EvaluationPeriods: inputs.evaluationPeriods,
      ComparisonOperator: text(inputs, "comparisonOperator"),
      Threshold: inputs.threshold,
      TreatMissingData: text(inputs, "treatMissingData"),
      AlarmActions: inputs.alarmActions,
      OKActions: inputs.okActions,
      ActionsEnabled: inputs.actionsEnabled ?? true,
      Tags: givenTags(inputs.tagsAll),
    } as PutMetricAlarmCommandInput;
    await cloudwatch.send(new PutMetricAlarmCommand(input));
  }

  const arnIn = (state: Values) => ({ ResourceARN: text(state, "arn") });

  const metricAlarm: ResourceType = {
    inputs: names(
      "name alarmDescription namespace metricName dimensions statistic period evaluationPeriods comparisonOperator threshold treatMissingData alarmActions okActions",
    ),
    replaces: ["name"],
    autoName: "name",
    defaults: { actionsEnabled: true },
    tagger: {
      list: async (_, state) =>
        tagsOf((await cloudwatch.send(new ListTagsForResourceCommand(arnIn(state)))).Tags),
      tag: (_, state, tags) =>
        cloudwatch.send(new TagResourceCommand({ ...arnIn(state), Tags: tagList(tags) })),
      untag: (_, state, TagKeys) =>
        cloudwatch.send(new UntagResourceCommand({ ...arnIn(state), TagKeys })),
    },
    async create(inputs) {
      const id = text(inputs, "name");
      await put(inputs);
      return { id, outputs: { arn: (await find(id))?.AlarmArn ?? null } };
    },
    async read(id, state) {
      const found = await find(id);
      if (!found) return undefined;
      const dimensions = (found.Dimensions ?? []).map(({ Name = "", Value = "" }) => [Name, Value]);
      return {
        ...state,
        alarmDescription: found.AlarmDescription ?? null,
        namespace: found.Namespace ?? null,
        metricName: found.MetricName ?? null,
        dimensions: Object.fromEntries(dimensions),
        statistic: found.Statistic ?? null,
        threshold: found.Threshold ?? null,
        period: found.Period ?? null,
        evaluationPeriods: found.EvaluationPeriods ?? null,
        comparisonOperator: found.ComparisonOperator ?? null,
        treatMissingData: found.TreatMissingData ?? null,
        alarmActions: found.AlarmActions ?? null,
        okActions: found.OKActions ?? null,
        actionsEnabled: found.ActionsEnabled ?? true,
      };
    },
    async update(_id, inputs) {
      await put(inputs);
      return {};
    },
    async delete(id) {
      await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [id] }));
    },
  };

  /** CloudWatch replaces a dashboard of that name without asking; so does the real provider. */
  async function putDashboard(inputs: Values): Promise<void> {
    const DashboardBody = text(inputs, "dashboardBody");
    const problems = dashboardProblems(DashboardBody);
    if (problems.length > 0) {
      throw new Error(
        `InvalidParameterInput: The field DashboardBody must be a valid JSON object: ${problems.join("; ")}`,
      );
    }
    const DashboardName = text(inputs, "dashboardName");
    await cloudwatch.send(new PutDashboardCommand({ DashboardName, DashboardBody }));
  }

  const getDashboard = (DashboardName: string) =>
    unlessGone(cloudwatch.send(new GetDashboardCommand({ DashboardName })));

  const dashboard: ResourceType = {
    inputs: ["dashboardName", "dashboardBody"],
    replaces: ["dashboardName"],
    json: ["dashboardBody"],
    hasFixedName: true,
    async create(inputs) {
      const id = text(inputs, "dashboardName");
      await putDashboard(inputs);
      return { id, outputs: { dashboardArn: (await getDashboard(id))?.DashboardArn ?? null } };
    },
    async read(id, state) {
      const found = await getDashboard(id);
      if (!found) return undefined;
      return { ...state, dashboardBody: normalizeJson(found.DashboardBody ?? "") };
    },
    async update(_id, inputs) {
      await putDashboard(inputs);
      return {};
    },
    async delete(id) {
      await cloudwatch.send(new DeleteDashboardsCommand({ DashboardNames: [id] }));
    },
  };

  return {
    "aws:cloudwatch/metricAlarm:MetricAlarm": metricAlarm,
    "aws:cloudwatch/dashboard:Dashboard": dashboard,
  };
}
