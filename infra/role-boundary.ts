import * as pulumi from "@pulumi/pulumi";

/**
 * The permissions boundary of a target's role, by the setting `permissionsBoundary`. If that is the boundary that
 * pipeline/bootstrap creates for the function's role, each other role has one beside it, for what that role does.
 * Any other policy, such as an organization's, bounds every role.
 */
export function boundaryOf(
  role: string,
  permissionsBoundary: string | undefined,
): string | undefined {
  const ofFunction = `:policy/${pulumi.getProject()}-${pulumi.getStack()}-boundary`;
  return permissionsBoundary?.endsWith(ofFunction)
    ? boundaryNameOf(permissionsBoundary, role)
    : permissionsBoundary;
}

/** The name or ARN of the boundary of another role, from that of the function's role. */
export const boundaryNameOf = (functionBoundary: string, role: string) =>
  `${functionBoundary}-${role}`;
