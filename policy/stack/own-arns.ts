import type { PolicyResource } from "@pulumi/policy";
import { nonEmptyStringOf, read } from "../field.ts";
import { partsOf } from "./arn-parts.ts";
import { formsOfType } from "./kinds.ts";

/**
 * The ARNs of a resource, and of what is in it. ARNs that are not known yet are built from its name, with
 * `*` for everything else that is not known.
 */
export async function ownArns(resource: PolicyResource): Promise<string[]> {
  const arns = ["arn", "executionArn"].flatMap(
    (it) => nonEmptyStringOf(read(() => resource.props[it])) ?? [],
  );
  return [...(arns.length > 0 ? arns : await arnsByName(resource)), ...alsoNamed(resource)];
}

/** The ARNs of what is in a resource, if they do not start with the ARN of the resource. */
function alsoNamed(resource: PolicyResource): string[] {
  const text = (property: string) => nonEmptyStringOf(read(() => resource.props[property]));
  const of = (service: string, ...rests: (string | undefined)[]) =>
    rests.flatMap((it) => (it ? [`arn:*:${service}:${regionOf(resource)}:*:${it}`] : []));
  const name = text("name");
  switch (resource.type) {
    case "aws:scheduler/scheduleGroup:ScheduleGroup":
      return of("scheduler", name && `schedule/${name}`);
    case "aws:sfn/stateMachine:StateMachine":
      return of("states", name && `execution:${name}`, name && `express:${name}`);
    case "aws:cloudwatch/eventRule:EventRule":
      return of("events", name && `rule/${text("eventBusName") ?? "default"}/${name}`);
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
  const names = namesOf(resource);
  if (names.length === 0) return [];
  return (await formsOfType(resource.type)).flatMap((form) => {
    const { service, region, account, rest } = partsOf(form);
    if (rest.split("${").length !== 2) return [];
    return names.map((name) =>
      [
        "arn:*",
        service,
        region && regionOf(resource),
        account && "*",
        rest.replace(/\$\{\w+\}/, () => name),
      ].join(":"),
    );
  });
}

/** The possible names of a resource, with its path if it has one. */
function namesOf({ props }: PolicyResource): string[] {
  const path = nonEmptyStringOf(read(() => props.path)) ?? "/";
  return ["name", "bucket", "id"].flatMap((property) => {
    const name = nonEmptyStringOf(read(() => props[property]));
    if (!name || /[*?]/.test(name)) return [];
    // A parameter's name may start with a slash, which is in its ARN only once.
    return [`${path}/${name}`.replaceAll(/\/+/g, "/").slice(1)].concat(
      path === "/" && name.startsWith("/") ? [name] : [],
    );
  });
}

function regionOf({ provider }: PolicyResource): string {
  return nonEmptyStringOf(read(() => provider?.props.region)) ?? "*";
}

/** The log group that Lambda creates for a function. */
export function ownLogGroup({ props }: PolicyResource): string[] {
  const name = nonEmptyStringOf(read(() => props.name));
  return name ? [`arn:*:logs:*:*:log-group:/aws/lambda/${name}`] : [];
}
