/**
 * The page of an alert, at the address of one of Sumo Logic's deployments and in its documented format:
 * https://www.sumologic.com/help/docs/api/about-apis/getting-started/ and
 * https://www.sumologic.com/help/docs/alerts/monitors/use-playbooks-with-monitors/
 */
const alertPage =
  /^https:\/\/service(?:\.(?:au|ca|ch|de|esc|eu|fed|in|jp|kr|us2))?\.sumologic\.com\/ui\/#\/alert\/[\w-]{1,64}$/;

/** The link, if it is exactly one of an alert's page and so safe to show to a person. */
export function alertLink(text: string): string | undefined {
  return alertPage.test(text) ? text : undefined;
}
