// `node pipeline/report/drift-issue.ts FOLDER`: keeps one open issue while the stack has drift, and closes it after.
// FOLDER has the refresh's events.json. Variables beside GitHub's: STACK, REFRESH_CODE, GITHUB_TOKEN.
import { driftEndText, driftMarker, driftText, driftTitle } from "./drift-text.ts";
import { required, requiredNumber, runUrl } from "./environment.ts";
import { readEvents } from "./events.ts";
import { openRepository, type Post, type Repository } from "./github.ts";
import { readPreview } from "./preview.ts";
import { run, say } from "./run.ts";

interface Issue extends Post {
  readonly number: number;
  readonly html_url: string;
}

/** Exit codes of `pulumi refresh --expect-no-changes`; with any other nothing is known. */
const clean = 0;
const drifted = 7;

async function keepIssue(): Promise<void> {
  const stack = required("STACK");
  const code = requiredNumber("REFRESH_CODE");
  if (code !== clean && code !== drifted) {
    throw new Error(`REFRESH_CODE is ${code}, so nothing is known about drift; expected 0 or 7`);
  }
  const repository = openRepository("issues: write");
  const issue = await repository.findOwn<Issue>("issues?state=open", driftMarker(stack));
  if (code === clean) return issue && close(repository, issue, stack);
  const preview = readPreview(readEvents(process.argv[2] ?? "", "events.json"));
  const body = driftText({ stack, preview, runUrl: runUrl() });
  if (issue) {
    await repository.send("PATCH", `issues/${issue.number}`, { body });
    say(`Edited ${issue.html_url}`);
    return;
  }
  const { html_url } = await repository.send<Issue>("POST", "issues", {
    title: driftTitle(stack),
    body,
  });
  say(`Opened ${html_url}`);
}

async function close(
  repository: Repository,
  { number, html_url }: Issue,
  stack: string,
): Promise<void> {
  const body = driftEndText({ stack, runUrl: runUrl() });
  await repository.send("POST", `issues/${number}/comments`, { body });
  await repository.send("PATCH", `issues/${number}`, {
    state: "closed",
    state_reason: "completed",
  });
  say(`Closed ${html_url}`);
}

await run("The issue about drift was not kept", keepIssue);
