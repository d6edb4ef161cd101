// `node pipeline/report/comment.ts FOLDER [VERDICT]`: writes what the preview found whose artifact is in FOLDER
// (events.json and preview-errors.txt) to the job's summary, and keeps one comment in a pull request that says the same.
// VERDICT is the artifact of the preview with the base branch's policy pack. Variables beside GitHub's: STACK,
// PREVIEW_RESULT, HEAD_SHA, PULL_REQUEST (empty if there is none to comment on), IS_FORK (true or false; false if missing),
// GITHUB_TOKEN; with VERDICT also VERDICT_RESULT and VERDICT_FILES (by blanks).
import { appendFileSync } from "node:fs";
import { readArtifact } from "./artifact.ts";
import { commentMarker, commentText, type JobResult } from "./comment-text.ts";
import { required, requiredNumber, requiredOf, runUrl } from "./environment.ts";
import { readEvents } from "./events.ts";
import { openRepository, type Post } from "./github.ts";
import { readPreview } from "./preview.ts";
import { run, say } from "./run.ts";

interface Comment extends Post {
  readonly id: number;
  readonly html_url: string;
}

const mostErrorBytes = 1_000_000;
const results = ["success", "failure", "cancelled", "skipped"] as const;

async function report(): Promise<void> {
  const [folder = "", verdictFolder] = process.argv.slice(2);
  const stack = required("STACK");
  const errors = readArtifact(folder, "preview-errors.txt", mostErrorBytes);
  const body = commentText({
    stack,
    result: requiredOf<JobResult>("PREVIEW_RESULT", results),
    preview: readPreview(readEvents(folder, "events.json")),
    ...(verdictFolder && {
      verdict: requiredOf<JobResult>("VERDICT_RESULT", results),
      verdictPreview: readPreview(readEvents(verdictFolder, "events.json")),
    }),
    verdictFiles: (process.env.VERDICT_FILES ?? "").split(" ").filter((it) => it !== ""),
    isOfFork: process.env.IS_FORK === "true",
    errors: "text" in errors ? errors.text : "",
    commit: required("HEAD_SHA"),
    runUrl: runUrl(),
  });
  // GitHub keeps 1 MiB of it: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
  appendFileSync(required("GITHUB_STEP_SUMMARY"), `${body}\n`);
  if (process.env.PULL_REQUEST !== "") await keepComment(stack, body);
}

async function keepComment(stack: string, body: string): Promise<void> {
  const repository = openRepository("pull-requests: write");
  const comments = `issues/${requiredNumber("PULL_REQUEST")}/comments`;
  const comment = await repository.findOwn<Comment>(comments, commentMarker(stack));
  if (comment) {
    await repository.send("PATCH", `issues/comments/${comment.id}`, { body });
    say(`Edited ${comment.html_url}`);
    return;
  }
  const { html_url } = await repository.send<Comment>("POST", comments, { body });
  say(`Wrote ${html_url}`);
}

await run("The comment was not written", report);
