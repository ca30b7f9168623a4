import { createClient } from "../core/client.js";
import { LintelError } from "../core/error.js";
/**
 * Makes a client that asks with a key: `await lintel(listUsers)`. No cookie goes along, and
 * the `token` of a call takes the place of the key. A key is a secret: it belongs to a back
 * end, and into no page or app.
 */
export function createManagement({ key, fetch: send, ...options }) {
    const client = createClient({
        ...options,
        // Some workers have no cookies, and throw where they are spoken of.
        fetch: (url, request) => (send ?? fetch)(url, "credentials" in Request.prototype ? { ...request, credentials: "omit" } : request),
    });
    return (operation, ...[input, call]) => client(operation, input, {
        ...call,
        token: async () => {
            const given = call?.token ?? key;
            const found = typeof given === "function" ? await given() : given;
            if (!found)
                throw new LintelError("input_invalid", 0, "lintel: the key is missing");
            return found;
        },
    });
}
