import type { Flow, Step, StepSubmission, StepType } from "@lintel/client";
import type { NewPasskeyOptions } from "@lintel/client/passkeys";
import type { Refusal } from "../refusal.js";

/** What can be sent instead of answering a step; `invited` is the proof that an invitation has brought. */
export type Way = "code" | "link" | "invited" | "passkey" | "new_passkey";

/** An answer. Of a passkey no more is known than that there is to be one: the browser asks for the rest. */
export type Answer =
  | Exclude<StepSubmission, { readonly type: "passkey" | "new_passkey" }>
  | { readonly type: "passkey"; readonly identifier?: string | undefined }
  | ({ readonly type: "new_passkey" } & Pick<NewPasskeyOptions, "identifier" | "name">);

/** What a component of a step gets. */
export interface StepProps<T extends StepType> {
  readonly step: Extract<Step, { readonly type: T }>;
  /** The journey it is a step of. */
  readonly journey: string;
  readonly level: 1 | 2;
  /** Why the last answer was refused. */
  readonly refusal: Refusal | undefined;
  /** What can be sent instead of answering it. */
  readonly ways: readonly Way[];
  /** Gives where the flow stands then; undefined where it could not be asked. */
  answer(submission: Answer): Promise<Flow | undefined>;
  /** Lets it be and begins again. */
  leave(): void;
}
