import type { CallOptions, Client } from "./client.js";
import type { Operation } from "./operation.js";

/**
 * All items of a list, page after page: `for await (const one of each(lintel, listActivity))`.
 * What changes between two pages is seen or not, and nothing is seen twice.
 */
export async function* each<I extends { readonly cursor?: string }, T>(
  client: Client,
  operation: Operation<I, { readonly items: readonly T[]; readonly next_cursor: string | null }>,
  input?: Omit<I, "cursor">,
  options?: CallOptions,
): AsyncGenerator<T, void, undefined> {
  const ask = client as (operation: unknown, input: object, options?: CallOptions) => Promise<{ readonly items: readonly T[]; readonly next_cursor: string | null }>;
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await ask(operation, { ...input, cursor }, options);
    yield* page.items;
    cursor = page.next_cursor ?? null;
  }
}
