/**
 * All items of a list, page after page: `for await (const one of each(lintel, listActivity))`.
 * What changes between two pages is seen or not, and nothing is seen twice.
 */
export async function* each(client, operation, input, options) {
    const ask = client;
    for (let cursor; cursor !== null;) {
        const page = await ask(operation, { ...input, cursor }, options);
        yield* page.items;
        cursor = page.next_cursor ?? null;
    }
}
