// `node pipeline/comment.ts FOLDER`: keeps one comment in a pull request that says what the preview with the files
// in this folder found. Variables beside GitHub's own: STACK, PREVIEW_RESULT, PULL_REQUEST, HEAD_SHA, GITHUB_TOKEN.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commentMarker, commentText } from "./comment-text.ts";
import { required, requiredNumber, runUrl } from "./environment.ts";
import { openRepository, type Post } from "./github.ts";
import { run } from "./run.ts";

interface Comment extends Post {
  readonly id: number;
  readonly html_url: string;
}

async function keepComment(): Promise<void> {
  const folder = process.argv[2] ?? "";
  const stack = required("STACK");
  const body = commentText({
    stack,
    output: readFileSync(join(folder, "preview.txt"), "utf8"),
    errors: readFileSync(join(folder, "preview-errors.txt"), "utf8"),
    exitCode: required("PREVIEW_RESULT") === "success" ? 0 : 1,
    commit: required("HEAD_SHA"),
    runUrl: runUrl(),
  });
  const repository = openRepository("pull-requests: write");
  const comments = `issues/${requiredNumber("PULL_REQUEST")}/comments`;
  const comment = await repository.findOwn<Comment>(comments, commentMarker(stack));
  if (comment) {
    await repository.send("PATCH", `issues/comments/${comment.id}`, { body });
    console.log(`Edited ${comment.html_url}`);
    return;
  }
  const { html_url } = await repository.send<Comment>("POST", comments, { body });
  console.log(`Wrote ${html_url}`);
}

await run("The comment was not written", keepComment);
