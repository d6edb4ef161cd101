/** An example of docs/adopt/ as it is in a project that has this repository as a folder. */
export function asAdopted(text: string): string {
  return text.replaceAll('from "../../', 'from "./reboot-automation/');
}
