import type { Flow, PublicConfiguration, Step, StepType } from "@lintel/client";
import type { ComponentType } from "react";
import { AcknowledgeStep } from "./acknowledge.js";
import { ConsentStep } from "./consent.js";
import { IdentifierStep } from "./identifier.js";
import { NewPasswordStep } from "./newPassword.js";
import { PasswordStep } from "./password.js";
import { ProfileStep } from "./profile.js";
import type { StepProps } from "./step.js";

/**
 * A component for each type of step. A client that knows a new one does not compile here
 * until there is a component for it; a server that sends one before that is met by
 * `Journey`, which asks to update.
 */
const components: { readonly [T in StepType]: ComponentType<StepProps<T>> } = {
  acknowledge: AcknowledgeStep,
  consent: ConsentStep,
  identifier: IdentifierStep,
  new_password: NewPasswordStep,
  password: PasswordStep,
  profile: ProfileStep,
};

/** What this page can show, which a flow is told when it starts. */
export const accepts = Object.keys(components) as readonly StepType[];

type KnownStep = Extract<Step, { readonly type: StepType }>;

/** What is shown of what is offered: known steps, and one of two that ask for the same. */
export function shownSteps({ journey, steps }: Flow): readonly KnownStep[] {
  const known = steps.filter((step): step is KnownStep => Object.hasOwn(components, step.type));
  const asks = (step: KnownStep) => step.type === "password" || step.type === "new_password";
  if (!known.some(asks) || !known.some((step) => step.type === "identifier")) return known;
  // A journey that finds out by the identifier how to go on asks for that alone.
  return known.filter((step) => (journey === "login_or_registration" ? !asks(step) : step.type !== "identifier"));
}

/** What a journey is known to ask first, as it will offer it; a flow gives it its id. */
export function firstStep(journey: string, { identifier_types, password_policy }: PublicConfiguration): KnownStep | undefined {
  switch (journey) {
    case "login": return { type: "password", id: "" };
    case "registration": return { type: "new_password", id: "", policy: password_policy };
    case "login_or_registration": return { type: "identifier", id: "", identifier_types };
    default: return undefined;
  }
}

/** The component of a step. */
export function componentOf<T extends StepType>(step: { readonly type: T }): ComponentType<StepProps<T>> {
  return components[step.type];
}
