import { type PyNode, walkNodes } from "./syntax.ts";

/** Modules of which the classes sign requests. */
const signingModules = /^(botocore\.(auth|signers|crt\.auth)|awscrt\.auth)(\.|$)/;

/**
 * True for a file that signs requests to AWS: it uses botocore's signers, or writes the names of the algorithm or of the
 * credential's scope.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signsRequests(root: PyNode): boolean {
  let signs = false;
  walkNodes(root, (node) => {
    if (node.type === "dotted_name") signs ||= signingModules.test(node.text);
    if (node.type === "identifier") signs ||= /SigV4a?(Query|QueryAuth|Auth)$/i.test(node.text);
    if (node.type === "string_content")
      signs ||= /AWS4-HMAC-SHA256|\baws4_request\b/.test(node.text);
    return !signs;
  });
  return signs;
}
