import type { Evaluator } from "./evaluator.ts";
import type { Located } from "./scopes.ts";
import { walkNodes } from "./syntax.ts";
import type { Value } from "./value.ts";

/** The packages with types for boto3 by service: `mypy_boto3_ec2.client.EC2Client`. */
const typePackage =
  /^(?:mypy_boto3|types_boto3|types_aiobotocore)_(\w+)\..*\b(\w+?)(Client|ServiceResource)?$/;

/**
 * The client or resource that a type is of: `EC2Client`, `"EC2Client | None"`, `DynamoDBServiceResource`, `Table`;
 * undefined for any other type.
 */
export function valueOfAnnotation(annotation: Located, evaluator: Evaluator): Value[] | undefined {
  const names: string[] = [];
  walkNodes(annotation.node, (node) => {
    if (node.type === "identifier" || node.type === "attribute") names.push(node.text);
    if (node.type === "string_content")
      for (const it of node.text.match(/[\w.]+/g) ?? []) names.push(it);
    return node.type !== "attribute";
  });
  const found = names.flatMap((it) => valueOfType(it, annotation, evaluator));
  return found.length > 0 ? found : undefined;
}

function valueOfType(name: string, { scope }: Located, evaluator: Evaluator): Value[] {
  const [first = "", ...rest] = name.split(".");
  const declared = evaluator.evaluateName(first, scope) ?? [];
  const values = rest.reduce((before, it) => evaluator.membersOf(before, it), declared);
  return values.flatMap((it): Value[] => {
    if (it.kind !== "library") return [];
    const [, underscored = "", type = "", ending] = typePackage.exec(it.name) ?? [];
    if (underscored === "") return [];
    const service = underscored.replace(/_$/, "").replaceAll("_", "-");
    if (ending === "Client") return [{ kind: "client", service, credentials: "own" }];
    const resource = ending === "ServiceResource" ? ending : type;
    return [
      {
        kind: "resource",
        service,
        type: resource,
        inputs: [],
        isLoaded: false,
        credentials: "own",
      },
    ];
  });
}
