import { type FlowError, LintelError } from "@lintel/client";
import { PasskeyError } from "@lintel/client/passkeys";
import type { Words } from "./words.js";

/** Why something was refused: by a flow, as part of it, by a problem, or by the browser, of a passkey. */
export type Refusal = LintelError | FlowError | PasskeyError;

/** What to tell people: the server's words, or ours where it said nothing. */
export function sentence(refusal: Refusal, words: Words): string {
  if (refusal instanceof PasskeyError) return words.errors[refusal.code] ?? words.errors.other;
  if (!(refusal instanceof LintelError)) return refusal.detail;
  return refusal.problem?.detail ?? words.errors[refusal.code] ?? words.errors.other;
}

/** The fields of refusals that name none. */
const places: { readonly [code: string]: string } = {
  credentials_invalid: "password",
  identifier_taken: "identifier",
  identifier_unprovable: "identifier",
  address_required: "identifier",
  code_invalid: "one_time_code",
  code_expired: "one_time_code",
  code_spent: "one_time_code",
  consent_required: "agreed",
};

/** What is wrong, by the name of the field. */
export function wrongFields(refusal: Refusal, words: Words): Map<string, string> {
  const errors = (refusal instanceof LintelError ? refusal.problem?.errors : refusal instanceof PasskeyError ? [] : refusal.errors) ?? [];
  const wrong = new Map(errors.map(({ pointer, detail }) => [pointer.replace(/^\/(submit\/)?(profile\/)?/, "").replace(/^value$/, "identifier"), detail]));
  const place = places[refusal.code];
  if (place && !wrong.has(place)) wrong.set(place, sentence(refusal, words));
  return wrong;
}

/** Whether it is one; anything else is a mistake of this page. */
export function isRefusal(error: unknown): error is LintelError {
  return error instanceof LintelError;
}
