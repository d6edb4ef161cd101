import { dirname } from "node:path";
import type { StatementJson } from "../iam/replacement.ts";
import type { Place } from "../rule.ts";
import type { LocatedStatement } from "../statements.ts";
import { type ConstructorCall, constructorCallOf } from "./constructor-call.ts";
import { pathInRepository, projectFileOf, type SourceFile, sourceFilesOf } from "./files.ts";
import { type Edit, statementEdits } from "./statement-edit.ts";

/** A resource by its type token and logical name. */
interface NamedResource {
  readonly type: string;
  readonly name: string;
}

export interface Locator {
  /** The path of the project file, for a finding without location. */
  readonly projectFile: string;
  /** Where the first of these, a resource and the components around it, is created. */
  locate(resources: readonly NamedResource[]): ConstructorCall | undefined;
  /** The edits that replace a statement, if they are certain: `statementEdits`. */
  editsFor(
    statement: LocatedStatement,
    replacement: readonly StatementJson[],
  ): { readonly file: SourceFile; readonly edits: readonly Edit[] } | undefined;
}

/**
 * Finds resources in the program's own files. The engine sends a policy pack neither the source position nor the stack trace of a
 * resource: `AnalyzeRequest` and `AnalyzerResource` have none.
 * https://github.com/pulumi/pulumi/blob/master/proto/pulumi/analyzer.proto
 */
export function createLocator({ environment }: Place): Locator {
  const projectFile = environment.PWD === undefined ? undefined : projectFileOf(environment.PWD);
  const project = projectFile && dirname(projectFile);
  let files: readonly SourceFile[] | undefined;
  const callOf = (resource: NamedResource) => {
    files ??= (project && sourceFilesOf(project)) || [];
    return constructorCallOf(resource, files);
  };
  return {
    projectFile: projectFile && project ? pathInRepository(projectFile, project) : "Pulumi.yaml",
    locate(resources) {
      for (const resource of resources) {
        const call = callOf(resource);
        if (call) return call;
      }
      return undefined;
    },
    editsFor(statement, replacement) {
      const { type, name } = statement.holder ?? {};
      const call = type && name ? callOf({ type, name }) : undefined;
      const edits = call && statementEdits(call, statement, replacement);
      return edits && { file: call.file, edits };
    },
  };
}
