/**
 * The principal of a service without its region and partition: some have one for each region, such as
 * `states.eu-west-1.amazonaws.com`.
 */
export function serviceOf(principal: string): string {
  return principal.replace(/\.[a-z]{2}(-[a-z]+)+-\d\./, ".").replace(/\.cn$/, "");
}
