import type { PolicyResource } from "@pulumi/policy";
import { types } from "../data/resource-types.ts";
import { nonEmptyStringOf, read } from "../field.ts";
import { partsOf } from "./arn-parts.ts";
import { formsOfType } from "./kinds.ts";
import { arnOf, asProperty, namesOf } from "./names.ts";

/**
 * The ARNs of a resource, and of what is in it. ARNs that are not known yet are built from its name, with
 * `*` for everything else that is not known.
 */
export async function ownArns(resource: PolicyResource): Promise<string[]> {
  const executionArn = nonEmptyStringOf(read(() => resource.props.executionArn));
  const arns = [arnOf(resource), executionArn].flatMap((it) => it ?? []);
  return [...(arns.length > 0 ? arns : await arnsByName(resource)), ...alsoNamed(resource)];
}

/** The ARNs of what is in a resource, if they do not start with the ARN of the resource. */
function alsoNamed(resource: PolicyResource): string[] {
  const text = (property: string) => nonEmptyStringOf(read(() => resource.props[property]));
  const of = (service: string, ...rests: (string | undefined)[]) =>
    rests.flatMap((it) => (it ? [`arn:*:${service}:${regionOf(resource)}:*:${it}`] : []));
  const name = text("name");
  switch (resource.type) {
    case "aws:autoscaling/group:Group":
      // AWS's examples have a wildcard for the id.
      return of("autoscaling", name && `autoScalingGroup:*:autoScalingGroupName/${name}`);
    case types.keyAlias:
      // Its name starts with `alias/`.
      return of("kms", name);
    case "aws:scheduler/scheduleGroup:ScheduleGroup":
      return of("scheduler", name && `schedule/${name}`);
    case "aws:sfn/stateMachine:StateMachine":
      return of("states", name && `execution:${name}`, name && `express:${name}`);
    case "aws:cloudwatch/eventRule:EventRule":
      return of("events", name && `rule/${text("eventBusName") ?? "default"}/${name}`);
    case "aws:glue/catalogDatabase:CatalogDatabase":
      return of("glue", name && `table/${name}`, name && `userDefinedFunction/${name}`);
    case "aws:rds/cluster:Cluster":
      return of("rds-db", dbUsersOf(text("clusterResourceId")));
    case "aws:rds/instance:Instance":
      return of("rds-db", dbUsersOf(text("resourceId")));
    case "aws:secretsmanager/secret:Secret":
      // AWS adds six characters to the name. Its examples have a wildcard there.
      return of("secretsmanager", name && `secret:${name}-??????`, name && `secret:${name}-*`);
    default:
      return [];
  }
}

function dbUsersOf(id: string | undefined): string | undefined {
  return id && `dbuser:${id}`;
}

/** Built from the properties with a name, in the formats of the type. */
async function arnsByName(resource: PolicyResource): Promise<string[]> {
  return (await formsOfType(resource.type)).flatMap((form) => {
    const { service, region, account, rest } = partsOf(form);
    return restsOf(rest, resource).map((it) =>
      ["arn:*", service, region && regionOf(resource), account && "*", it].join(":"),
    );
  });
}

/**
 * The end of a format with the values of its placeholders: `table/${DatabaseName}/${TableName}` from
 * `databaseName` and the names. It ends before an id that AWS creates, which is then within the resource:
 * `targetgroup/web` of `targetgroup/${TargetGroupName}/${TargetGroupId}`.
 */
function restsOf(rest: string, resource: PolicyResource): string[] {
  const [, ...placeholders] = rest.split("${").map((it) => it.replace(/\}.*/s, ""));
  const named =
    placeholders.length > 1
      ? placeholders.filter((it) => it.endsWith("Name")).at(-1)
      : placeholders[0];
  if (named === undefined) return [];
  let [prefix = ""] = rest.split(`\${${named}}`);
  for (const it of placeholders.slice(0, placeholders.indexOf(named))) {
    const value = textOf(resource, asProperty(it));
    if (value === undefined) return [];
    prefix = prefix.replace(`\${${it}}`, () => value);
  }
  const value = textOf(resource, asProperty(named));
  return (value === undefined ? pathsOf(resource) : [value]).map((it) => prefix + it);
}

/** The possible names of a resource, with its path if it has one. */
function pathsOf(resource: PolicyResource): string[] {
  const path = textOf(resource, "path") ?? "/";
  return namesOf(resource).flatMap((name) =>
    // A parameter's name may start with a slash, which is in its ARN only once.
    [`${path}/${name}`.replaceAll(/\/+/g, "/").slice(1)].concat(
      path === "/" && name.startsWith("/") ? [name] : [],
    ),
  );
}

/** A property that is known, without wildcards. */
function textOf({ props }: PolicyResource, property: string): string | undefined {
  const text = nonEmptyStringOf(read(() => props[property]));
  return text !== undefined && /[*?]/.test(text) ? undefined : text;
}

export function regionOf({ provider }: PolicyResource): string {
  return nonEmptyStringOf(read(() => provider?.props.region)) ?? "*";
}

/** The log group that Lambda creates for a function. */
export function ownLogGroup({ props }: PolicyResource): string[] {
  const name = nonEmptyStringOf(read(() => props.name));
  return name ? [`arn:*:logs:*:*:log-group:/aws/lambda/${name}`] : [];
}
