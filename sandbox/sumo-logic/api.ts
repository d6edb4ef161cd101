import { ApiError, type ApiRequest, Collection, type Item, type Reply } from "./collection.ts";
import { collectorKind, collectorOf, sourceKind } from "./collectors.ts";
import { connectionKind } from "./connections.ts";
import { dashboardKind } from "./dashboards.ts";
import { checkParent, libraryKind, rootFolder } from "./library.ts";
import { mutingKind, replyToMuting } from "./muting.ts";
import type { LogMessage } from "./query.ts";
import { SearchJobs } from "./search-jobs.ts";
import { searchKind } from "./searches.ts";
import { Users } from "./users.ts";

/** The only folder of the content library. */
const personalFolder = "00000000000000AA";

/** What the API holds, and the calls by which it is changed and read. */
export class Api {
  readonly connections = new Collection(connectionKind);
  /** Monitors and their folders. */
  readonly library = new Collection(libraryKind(() => [...this.connections.items.keys()]));
  readonly mutingSchedules = new Collection(mutingKind((id) => this.library.items.has(id)));
  readonly dashboards = new Collection(dashboardKind(personalFolder));
  readonly searches = new Collection(searchKind);
  readonly collectors = new Collection(collectorKind);
  readonly sources: Collection;
  readonly users = new Users();
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
    const several = this.users.reply(request) ?? replyToMuting(request, this.mutingSchedules);
    if (several) return several;
    if (/^v1\/monitors\/\w+\/path$/.test(path) && method === "GET") return this.pathOf(path);
    if (/^v1\/search\/jobs(\/|$)/.test(path)) return this.jobs.reply(request, this.messages);
    if (/^v1\/monitors\/\w+\/move$/.test(path) && method === "POST") return this.move(request);
    const [, prefix = "", id] =
      /^(v1\/\w+|v2\/dashboards|v1\/collectors\/\d+\/sources)(?:\/(\w+))?$/.exec(path) ?? [];
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
      return { id: personalFolder, name: "Personal" };
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
      "v1/mutingSchedules": this.mutingSchedules,
      "v2/dashboards": this.dashboards,
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

  /** The folders above a monitor or folder, from the root, and itself. */
  private pathOf(path: string): Reply {
    const pathItems: Item[] = [];
    let id: string | null = path.split("/")[2] ?? "";
    if (!this.library.items.has(id)) throw new ApiError(404, "not_found", `there is no ${path}`);
    for (let item = this.library.items.get(id); item; item = this.library.items.get(id ?? "")) {
      pathItems.unshift({ id: item.id, name: item.name });
      id = item.parentId;
    }
    pathItems.unshift({ id: rootFolder, name: "Monitor" });
    const text = `/${pathItems.map(({ name }) => name).join("/")}`;
    return { status: 200, body: { pathItems, path: text } };
  }

  /** What Sumo Logic does to a monitor that violates its limits: it no longer runs, until it is changed. */
  setSystemDisabled(monitorId: string, isSystemDisabled: boolean): void {
    this.library.amend(monitorId, { isSystemDisabled });
  }

  private deleteSourcesOf(collectorId: string | undefined): void {
    for (const source of this.sources.items.values()) {
      if (source.collectorId === collectorId) this.sources.items.delete(source.id);
    }
  }
}
