import type { Step, StepSubmission, StepType } from "@lintel/client";
import type { Refusal } from "../refusal.js";

/** What a component of a step gets. */
export interface StepProps<T extends StepType> {
  readonly step: Extract<Step, { readonly type: T }>;
  /** The journey it is a step of. */
  readonly journey: string;
  readonly level: 1 | 2;
  /** Why the last answer was refused. */
  readonly refusal: Refusal | undefined;
  answer(submission: StepSubmission): Promise<unknown>;
  /** Lets it be and begins again. */
  leave(): void;
}
