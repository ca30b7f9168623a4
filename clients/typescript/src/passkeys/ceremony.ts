import { type PasskeyCode, PasskeyError } from "./error.js";
import { platform } from "./json.js";

/** What is under way on this page: a browser has room for one. */
interface Ceremony {
  readonly autofill: boolean;
  readonly over: Promise<void>;
  leave(): void;
}

let current: Ceremony | undefined;

/** How a ceremony is held. */
export interface Held {
  /** Whether it waits in a form field: any other comes before it, and then it goes on. */
  readonly autofill?: boolean;
  /** Whether it is wanted when what came before it is over. */
  readonly wanted?: () => boolean;
  /** How long the platform waits, in milliseconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Holds a ceremony, and what is to come of it, when the one before has ended, which it asks to.
 * `ask` is given the signal for the platform; until `then` has ended nothing that waits in a
 * form field goes on, so that a passkey which signs in is not asked for a second time.
 */
export async function hold<T, R>(held: Held, ask: (signal: AbortSignal) => Promise<T | null>, then: (found: T) => R | Promise<R>): Promise<R> {
  if (!platform()) throw new PasskeyError("unsupported");
  for (;;) {
    const round = begin(held, ask, then);
    try {
      return await round.result;
    } catch (error) {
      // Whatever came in between: when that is over, it is offered anew. Another one that waits in a field has its place.
      if (!held.autofill || (error as PasskeyError).code !== "superseded" || current?.autofill) throw error;
      while (current && !current.autofill && !held.signal?.aborted) await Promise.race([current.over, left(held.signal)]);
      if (held.signal?.aborted || held.wanted?.() === false) throw new PasskeyError("aborted", error);
      if (current) throw error;
    }
  }
}

function begin<T, R>({ autofill = false, timeout, signal }: Held, ask: (signal: AbortSignal) => Promise<T | null>, then: (found: T) => R | Promise<R>): { readonly result: Promise<R> } {
  const controller = new AbortController();
  const before = current;
  let why: PasskeyCode | undefined;
  const leave = (code: PasskeyCode) => {
    why ??= code;
    controller.abort();
  };
  const caller = () => leave("aborted");
  signal?.addEventListener("abort", caller);
  if (signal?.aborted) caller();

  const hear = async (): Promise<T> => {
    await before?.over;
    const started = Date.now();
    try {
      controller.signal.throwIfAborted();
      const found = await ask(controller.signal);
      if (!found) throw new DOMException("there is nothing", "NotAllowedError");
      if (why) throw new PasskeyError(why); // it came too late: who left does not want it any more
      return found;
    } catch (cause) {
      throw cause instanceof PasskeyError ? cause : new PasskeyError(why ?? reason(cause, Date.now() - started >= timeout), cause);
    }
  };
  const result = hear().then(then);
  const mine: Ceremony = {
    autofill,
    leave: () => leave("superseded"),
    over: result.then(() => undefined, () => undefined).then(() => {
      signal?.removeEventListener("abort", caller);
      if (current === mine) current = undefined;
    }),
  };
  current = mine;
  before?.leave();
  return { result };
}

function left(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => signal?.addEventListener("abort", () => resolve(), { once: true }));
}

/** Browsers tell a dialogue that was closed from one that was left open by nothing but the time. */
function reason(cause: unknown, late: boolean): PasskeyCode {
  switch ((cause as Error | undefined)?.name) {
    case "NotAllowedError": return late ? "timed_out" : "cancelled";
    case "AbortError": return "cancelled";
    case "InvalidStateError": return "already_registered";
    case "SecurityError": return "invalid_domain";
    case "NotSupportedError":
    case "ConstraintError": return "unsupported";
    case "TypeError":
    case "DataError":
    case "EncodingError":
    case "SyntaxError":
    case "InvalidCharacterError": return "invalid_options";
    default: return "failed";
  }
}
