import { spawnSync } from "node:child_process";
import { type Browser, chromium } from "playwright-core";

/** Debian's name, Ubuntu's, and Google's build. SANDBOX_CHROMIUM is the path of another one. */
const names = [process.env.SANDBOX_CHROMIUM, "chromium", "chromium-browser", "google-chrome"];

/** The path of this machine's Chromium. Empty if there is none: nothing downloads one. */
export const chromiumPath = spawnSync("sh", [
  "-c",
  'for name do [ -n "$name" ] && command -v "$name" && exit; done',
  "sh",
  ...names.map((it) => it ?? ""),
])
  .stdout.toString()
  .trim();

/** Starts a browser without a window; the caller closes it. It opens local pages only, so it needs no sandbox. */
export function openBrowser(): Promise<Browser> {
  if (chromiumPath === "") {
    throw new Error("there is no Chromium: install it, or set SANDBOX_CHROMIUM to its path");
  }
  return chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox"] });
}
