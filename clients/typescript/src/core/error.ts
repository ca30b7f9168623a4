import type { FieldError, Problem } from "../generated/frontend.js";

/**
 * Why there is no answer, where no server said so: nothing came back (`network`), it took
 * too long (`timeout`), the caller left (`aborted`), what came back is nothing of Lintel's
 * (`unreadable`), or the input cannot be sent (`input_invalid`).
 */
export type ClientCode = "network" | "timeout" | "aborted" | "unreadable" | "input_invalid";

/** Whatever goes wrong is one of these. */
export class LintelError extends Error {
  override readonly name = "LintelError";
  /** The stable name of what went wrong. Servers may know others than this client. */
  readonly code: ClientCode | Problem["code"];
  /** The HTTP status; 0 where nothing came back. */
  readonly status: number;
  /** What the server said, in full. */
  readonly problem: Problem | undefined;
  /** Seconds after which another try makes sense. */
  readonly retryAfter: number | undefined;

  constructor(code: LintelError["code"], status: number, message: string, more: { problem?: Problem; retryAfter?: number | undefined; cause?: unknown } = {}) {
    super(message, more);
    this.code = code;
    this.status = status;
    this.problem = more.problem;
    this.retryAfter = more.retryAfter;
  }

  /** What is wrong with one place of the input, by its JSON Pointer: `field("/password")`. */
  field(pointer: string): FieldError | undefined {
    return this.problem?.errors?.find((one) => one.pointer === pointer);
  }
}
