import { type CallOptions, type Client, type ClientOptions, createClient } from "../core/client.js";
import { LintelError } from "../core/error.js";

/** How a back end reaches a server. */
export interface ManagementOptions extends Omit<ClientOptions, "token"> {
  /** The key, or what gives it; asked for with each request. Without one nothing is sent. */
  readonly key: string | (() => string | undefined | Promise<string | undefined>);
}

/**
 * Makes a client that asks with a key: `await lintel(listUsers)`. No cookie goes along, and
 * the `token` of a call takes the place of the key. A key is a secret: it belongs to a back
 * end, and into no page or app.
 */
export function createManagement({ key, fetch: send, ...options }: ManagementOptions): Client {
  const client = createClient({
    ...options,
    // Some workers have no cookies, and throw where they are spoken of.
    fetch: (url, request) => (send ?? fetch)(url, "credentials" in Request.prototype ? { ...request, credentials: "omit" } : request),
  }) as (operation: unknown, input: unknown, options: CallOptions) => Promise<never>;
  return (operation, ...[input, call]) =>
    client(operation, input, {
      ...call,
      token: async () => {
        const given = call?.token ?? key;
        const found = typeof given === "function" ? await given() : given;
        if (!found) throw new LintelError("input_invalid", 0, "lintel: the key is missing");
        return found;
      },
    });
}
