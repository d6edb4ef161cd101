import { ApiError, type ApiRequest, Collection, type Reply } from "./collection.ts";
import { collectorKind, collectorOf, sourceKind } from "./collectors.ts";
import { connectionKind } from "./connections.ts";
import { checkParent, libraryKind, rootFolder } from "./library.ts";
import type { LogMessage } from "./query.ts";
import { SearchJobs } from "./search-jobs.ts";
import { searchKind } from "./searches.ts";

/** What the API holds, and the calls by which it is changed and read. */
export class Api {
  readonly connections = new Collection(connectionKind);
  /** Monitors and their folders. */
  readonly library = new Collection(libraryKind(() => [...this.connections.items.keys()]));
  readonly searches = new Collection(searchKind);
  readonly collectors = new Collection(collectorKind);
  readonly sources: Collection;
  private readonly jobs = new SearchJobs();
  private readonly messages: readonly LogMessage[];

  constructor(messages: readonly LogMessage[], sourceUrl: (token: string) => string) {
    this.messages = messages;
    this.sources = new Collection(sourceKind(sourceUrl));
  }

  reply(request: ApiRequest): Reply {
    const { method, path } = request;
    const fixed = this.fixedReply(`${method} ${path}`);
    if (fixed) return { status: 200, body: fixed };
    if (/^v1\/search\/jobs(\/|$)/.test(path)) return this.jobs.reply(request, this.messages);
    if (/^v1\/monitors\/\w+\/move$/.test(path) && method === "POST") return this.move(request);
    const [, prefix = "", id] =
      /^(v1\/\w+|v1\/collectors\/\d+\/sources)(?:\/(\w+))?$/.exec(path) ?? [];
    this.checkCollector(path, id);
    const collection = this.collectionOf(prefix);
    if (!collection) {
      const message = `the sandbox's Sumo Logic does not have ${method} ${path}`;
      throw new ApiError(501, "sandbox", message);
    }
    const reply = collection.reply(request, id);
    if (method === "DELETE" && collection === this.collectors) this.deleteSourcesOf(id);
    return reply;
  }

  private fixedReply(route: string) {
    if (route === "GET v1/monitors/root") return { id: rootFolder, contentType: "Folder" };
    if (route === "GET v2/content/folders/personal")
      return { id: "00000000000000AA", name: "Personal" };
    const isPermissions = /^GET v1\/monitors\/\w+\/permissions$/.test(route);
    return isPermissions ? { permissionStatements: [] } : undefined;
  }

  private collectionOf(prefix: string): Collection | undefined {
    if (collectorOf(prefix) !== undefined) return this.sources;
    return {
      "v1/connections": this.connections,
      "v1/monitors": this.library,
      "v1/logSearches": this.searches,
      "v1/collectors": this.collectors,
    }[prefix];
  }

  /** A source is only below its own collector. */
  private checkCollector(path: string, sourceId: string | undefined): void {
    const collectorId = collectorOf(path);
    if (collectorId === undefined) return;
    const source = this.sources.items.get(sourceId ?? "");
    const isElsewhere = source !== undefined && source.collectorId !== collectorId;
    if (this.collectors.items.has(collectorId) && !isElsewhere) return;
    throw new ApiError(404, "not_found", `there is no ${path}`);
  }

  /** The provider moves a monitor whose folder changes. */
  private move({ path, query }: ApiRequest): Reply {
    const id = path.split("/")[2] ?? "";
    if (!this.library.items.has(id)) throw new ApiError(404, "not_found", `there is no ${path}`);
    const parentId = query.get("parentId");
    checkParent(parentId, [...this.library.items.values()]);
    return this.library.amend(id, { parentId });
  }

  private deleteSourcesOf(collectorId: string | undefined): void {
    for (const source of this.sources.items.values()) {
      if (source.collectorId === collectorId) this.sources.items.delete(source.id);
    }
  }
}
