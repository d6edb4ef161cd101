/**
 * True for a file's text that signs requests to AWS, other than by a client of version 3 of the SDK: version 2,
 * `aws4` and every other signer write the names of the algorithm and of the credential's scope.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 *
 * The signer of version 3 has each name once, and the first also with `-PAYLOAD`, however often it is in a bundle.
 */
export function signsRequests(text: string): boolean {
  const scopes = count(text, "aws4_request");
  const algorithms = count(text, "AWS4-HMAC-SHA256");
  if (scopes + algorithms === 0) return false;
  const ofSdk = count(text, "AWS4-HMAC-SHA256-PAYLOAD");
  return scopes !== ofSdk || algorithms !== 2 * ofSdk || !hasClient(text);
}

/** True for the text of a client of version 3: without one, something else uses the signer. */
function hasClient(text: string): boolean {
  return /["'`]aws\.auth#sigv4a?["'`]/.test(text);
}

function count(text: string, part: string): number {
  let found = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) found += 1;
  return found;
}
