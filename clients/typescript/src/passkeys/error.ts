/**
 * Why there is no passkey: its person closed the dialogue (`cancelled`) or let it be until its
 * time was over (`timed_out`), another ceremony of the page took its place (`superseded`), the
 * caller left (`aborted`), the authenticator has one of this user (`already_registered`), the
 * page's domain is not of the relying party (`invalid_domain`), this browser or authenticator
 * cannot (`unsupported`), the options cannot be read (`invalid_options`), the flow does not ask
 * for one (`not_offered`), or the platform did not say why (`failed`).
 */
export type PasskeyCode =
  | "cancelled" | "timed_out" | "superseded" | "aborted" | "already_registered" | "invalid_domain" | "unsupported" | "invalid_options" | "not_offered" | "failed";

/** Whatever goes wrong with a passkey before the server is asked is one of these. */
export class PasskeyError extends Error {
  override readonly name = "PasskeyError";
  /** The stable name of what went wrong. */
  readonly code: PasskeyCode;

  constructor(code: PasskeyCode, cause?: unknown) {
    super(`lintel: passkey ${code}`, { cause });
    this.code = code;
  }
}
