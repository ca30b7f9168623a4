/** Asking twice is asking once. */
export const MAY_REPEAT = 1;
/** An `Idempotency-Key` makes it so. */
export const TAKES_KEY = 2;
/** A token goes along: a session's, or a key. */
export const TAKES_TOKEN = 4;
/** A body is due where all is well. */
export const ANSWERS = 8;
