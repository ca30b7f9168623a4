/** Asking twice is asking once. */
export const MAY_REPEAT = 1;
/** An `Idempotency-Key` makes it so. */
export const TAKES_KEY = 2;
/** A session's token goes along. */
export const TAKES_SESSION = 4;
