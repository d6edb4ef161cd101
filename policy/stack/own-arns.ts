import type { PolicyResource } from "@pulumi/policy";
import { read, setTextOf } from "../field.ts";
import { partsOf } from "./arn-parts.ts";
import { formsOfType } from "./kinds.ts";

/**
 * The ARNs of a resource: its own, and those of what is in it. Those that are not known yet are made
 * of its name, with `*` for what else is not known.
 */
export async function ownArns(resource: PolicyResource): Promise<string[]> {
  const arns = ["arn", "executionArn"].flatMap(
    (it) => setTextOf(read(() => resource.props[it])) ?? [],
  );
  return [...(arns.length > 0 ? arns : await arnsByName(resource)), ...alsoNamed(resource)];
}

/** What is in a resource, and has an ARN that does not begin with its own. */
function alsoNamed(resource: PolicyResource): string[] {
  const text = (property: string) => setTextOf(read(() => resource.props[property]));
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
      // AWS adds six characters to the name, for which its examples have a wildcard.
      return of("secretsmanager", name && `secret:${name}-??????`, name && `secret:${name}-*`);
    default:
      return [];
  }
}

function dbUsersOf(id: string | undefined): string | undefined {
  return id && `dbuser:${id}`;
}

/** By the properties that hold a name, in the forms of the type. */
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

/** The names by which a resource may be known: with its path, if it has one. */
function namesOf({ props }: PolicyResource): string[] {
  const path = setTextOf(read(() => props.path)) ?? "/";
  return ["name", "bucket", "id"].flatMap((property) => {
    const name = setTextOf(read(() => props[property]));
    if (!name || /[*?]/.test(name)) return [];
    // A parameter's name may begin with a slash, which its ARN has not twice.
    return [`${path}/${name}`.replaceAll(/\/+/g, "/").slice(1)].concat(
      path === "/" && name.startsWith("/") ? [name] : [],
    );
  });
}

function regionOf({ provider }: PolicyResource): string {
  return setTextOf(read(() => provider?.props.region)) ?? "*";
}

/** The log group that Lambda makes with a function. */
export function ownLogGroup({ props }: PolicyResource): string[] {
  const name = setTextOf(read(() => props.name));
  return name ? [`arn:*:logs:*:*:log-group:/aws/lambda/${name}`] : [];
}
