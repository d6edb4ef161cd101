import { ApiError, type ApiRequest, type Item, type Reply } from "./collection.ts";

// https://api.sumologic.com/docs/#tag/userManagement and …/#tag/serviceAccountManagement

/** The user whose access key the sandbox has: the owner of all that is created with it. */
export const ownerId = "0000000000000017";

const createdAt = "2025-01-01T00:00:00.000Z";

const owner: Item = {
  id: ownerId,
  firstName: "Sandbox",
  lastName: "User",
  email: "sandbox@example.com",
  roleIds: ["0000000000000018"],
  isActive: true,
  isLocked: false,
  createdAt,
  createdBy: ownerId,
  modifiedAt: createdAt,
  modifiedBy: ownerId,
};

/** Users, and service accounts, which are not users. */
export class Users {
  private readonly users = new Map([[ownerId, owner]]);

  restoreOwner(): void {
    this.users.set(ownerId, owner);
  }

  /** GET and DELETE of one; undefined for other paths. */
  reply({ method, path }: ApiRequest): Reply | undefined {
    const [, kind, id = ""] = /^v1\/(users|serviceAccounts)\/(\w+)$/.exec(path) ?? [];
    if (!kind) return undefined;
    const found = kind === "users" ? this.users.get(id) : undefined;
    if (!found) throw new ApiError(404, "user:not_found", `there is no ${path}`);
    if (method === "GET") return { status: 200, body: found };
    if (method !== "DELETE") throw new ApiError(501, "sandbox", `no ${method} of users here`);
    this.users.delete(id);
    return { status: 204 };
  }
}
