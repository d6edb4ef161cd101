// `node pipeline/report/comment.ts FOLDER [VERDICT]`: keeps one comment in a pull request that says what the preview
// found whose artifact is in FOLDER: events.json and preview-errors.txt. VERDICT is the same of the preview with
// the base branch's policy pack. Variables beside GitHub's: STACK, PREVIEW_RESULT, VERDICT_RESULT, VERDICT_FILES (by
// blanks), PULL_REQUEST, HEAD_SHA, GITHUB_TOKEN.
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

async function keepComment(): Promise<void> {
  const [folder = "", verdictFolder] = process.argv.slice(2);
  const stack = required("STACK");
  const errors = readArtifact(folder, "preview-errors.txt", mostErrorBytes);
  const body = commentText({
    stack,
    result: requiredOf<JobResult>("PREVIEW_RESULT", results),
    verdict: requiredOf<JobResult>("VERDICT_RESULT", results),
    verdictFiles: (process.env.VERDICT_FILES ?? "").split(" ").filter((it) => it !== ""),
    preview: readPreview(readEvents(folder, "events.json")),
    ...(verdictFolder && {
      verdictPreview: readPreview(readEvents(verdictFolder, "events.json")),
    }),
    errors: "text" in errors ? errors.text : "",
    commit: required("HEAD_SHA"),
    runUrl: runUrl(),
  });
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

await run("The comment was not written", keepComment);
