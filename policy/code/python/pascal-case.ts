/** `DescribeInstances` of `describe_instances`. */
export function pascalCase(name: string): string {
  return name
    .split("_")
    .map((it) => it.charAt(0).toUpperCase() + it.slice(1))
    .join("");
}
