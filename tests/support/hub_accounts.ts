/** Who writes to the Hub of the tests, and where they may. */
import { refuse, type SeenRequest } from "./hub_server.ts";

/** A token's owner. */
export interface Account {
  readonly name: string;
  readonly organisations: readonly string[];
  readonly role: "read" | "write";
}

/** Accounts by their tokens. */
export class HubAccounts {
  readonly #accounts = new Map<string, Account>();

  add(token: string, account: Account): void {
    this.#accounts.set(token, account);
  }

  /** Whose token a request carries; null if it carries none, or a wrong one. */
  of({ headers }: SeenRequest): Account | null {
    const [, token = ""] = /^Bearer (.+)$/.exec(headers.get("authorization") ?? "") ?? [];
    return this.#accounts.get(token) ?? null;
  }

  whoAmI(request: SeenRequest): Response {
    const account = this.of(request);
    if (account === null) return refuse(401, "");
    const { name, organisations, role } = account;
    return Response.json({
      ...{ type: "user", name, orgs: organisations.map((name) => ({ type: "org", name })) },
      auth: { type: "access_token", accessToken: { displayName: "test", role } },
    });
  }

  /** Why an account may not write to a repository; null if it may. */
  refusal(request: SeenRequest, id: string): Response | null {
    const account = this.of(request);
    if (account === null) return refuse(401, "");
    const [namespace = ""] = id.split("/");
    const isOwn = account.name === namespace || account.organisations.includes(namespace);
    if (isOwn && account.role === "write") return null;
    const error = `You don't have the rights to write under the namespace "${namespace}"`;
    return Response.json({ error }, { status: 403 });
  }
}
