import { types } from "./data/resource-types.ts";
import { type Field, has, lazyFields, memberOf, ownValue, read, scalarOf } from "./field.ts";
import type { Holder } from "./resources.ts";

type Props = Holder["props"];

/** A statement whose elements are read on access, so an unknown one throws only then. */
type Statement = Readonly<Record<string, unknown>>;

/** Type → condition key → the property from which AWS creates the condition. */
const propertiesByKey: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [types.lambdaPermission]: {
    "aws:SourceArn": "sourceArn",
    "aws:SourceAccount": "sourceAccount",
    "aws:PrincipalOrgID": "principalOrgId",
    "lambda:EventSourceToken": "eventSourceToken",
    "lambda:FunctionUrlAuthType": "functionUrlAuthType",
    "lambda:InvokedViaFunctionUrl": "invokedViaFunctionUrl",
  },
  [types.layerPermission]: { "aws:PrincipalOrgID": "organizationId" },
};

/** The property of a resource from which AWS creates a condition; undefined if the document has it. */
export function propertyOfCondition({ type }: Pick<Holder, "type">, key: string) {
  return ownValue(ownValue(propertiesByKey, type) ?? {}, key);
}

/**
 * Resources that add one statement to the policy of another resource, and the statement that AWS
 * creates from their properties.
 */
const statements: Readonly<Record<string, (props: Props) => Statement>> = {
  // https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
  [types.lambdaPermission]: (props) => {
    const conditions = (...keys: readonly string[]) =>
      conditionsOf({ type: types.lambdaPermission, props }, keys);
    return allowing(props, {
      ArnLike: conditions("aws:SourceArn"),
      StringEquals: conditions(
        "aws:SourceAccount",
        "aws:PrincipalOrgID",
        "lambda:EventSourceToken",
        "lambda:FunctionUrlAuthType",
      ),
      Bool: isFalse(read(() => props.invokedViaFunctionUrl))
        ? {}
        : conditions("lambda:InvokedViaFunctionUrl"),
    });
  },
  // https://docs.aws.amazon.com/lambda/latest/api/API_AddLayerVersionPermission.html
  [types.layerPermission]: (props) =>
    allowing(props, {
      StringEquals: conditionsOf({ type: types.layerPermission, props }, ["aws:PrincipalOrgID"]),
    }),
  // https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html
  [types.eventPermission]: (props) => allowing(props, conditionOf(props), "events:PutEvents"),
  // https://docs.aws.amazon.com/signer/latest/api/API_AddProfilePermission.html
  [types.signingPermission]: (props) => allowing(props, {}),
};

/** The statement that a resource adds; undefined for a resource of another type. */
export function permissionStatementOf({ type, props }: Holder): Statement | undefined {
  return ownValue(statements, type)?.(props);
}

function allowing(props: Props, Condition: object, defaultAction?: string): Statement {
  return {
    Effect: "Allow",
    get Action() {
      return has(props, "action") ? props.action : defaultAction;
    },
    get Principal() {
      const principal = scalarOf({ isKnown: true, value: props.principal }) ?? "";
      if (principal === "*") return principal;
      return { [/\.amazon(aws)?\.com(\.cn)?$/.test(principal) ? "Service" : "AWS"]: principal };
    },
    Condition,
  };
}

/** The condition of a permission for an event bus: an operator, a key and a value. */
function conditionOf(props: Props): object {
  const condition = read(() => props.condition);
  const [operator, key] = ["type", "key"].map((it) => scalarOf(memberOf(condition, it)));
  if (!operator || !key) return {};
  return { [operator]: lazyFields([[key, () => props.condition.value]]) };
}

/** True for the value that the provider's state has if a program does not set a boolean. */
function isFalse(field: Field<unknown>): boolean {
  return field.isKnown && field.value === false;
}

/** The conditions on these keys whose properties are set, each read on access. */
function conditionsOf(resource: Pick<Holder, "type" | "props">, keys: readonly string[]): object {
  const { props } = resource;
  const found = keys.flatMap((key) => {
    const property = propertyOfCondition(resource, key);
    return property !== undefined && has(props, property)
      ? [[key, () => props[property]] as const]
      : [];
  });
  return lazyFields(found);
}
