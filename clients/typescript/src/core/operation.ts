declare const types: unique symbol;

/**
 * One thing that can be asked, as data: method, path, how it is carried out, and which of
 * the input travel as headers. What is in none of these and not the body goes into the
 * query. `clients/generator/typescript` writes them.
 */
export type Operation<I, O> = readonly [
  method: string,
  path: string,
  bits: number,
  headers?: { readonly [input: string]: string },
] & { readonly [types]?: [I, O] };

/** Asking twice is asking once. */
export const MAY_REPEAT = 1;
/** An `Idempotency-Key` makes it so. */
export const TAKES_KEY = 2;
/** A token goes along: a session's, or a key. */
export const TAKES_TOKEN = 4;
/** A body is due where all is well. */
export const ANSWERS = 8;
