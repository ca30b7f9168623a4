import type { Flow, PublicConfiguration, Step, StepType } from "@lintel/client";
import { isSupported } from "@lintel/client/passkeys";
import type { ComponentType } from "react";
import { AcknowledgeStep } from "./acknowledge.js";
import { ConsentStep } from "./consent.js";
import { GuestStep } from "./guest.js";
import { IdentifierStep } from "./identifier.js";
import { NewPasswordStep } from "./newPassword.js";
import { NewPasskeyStep, PasskeyStep, SkipStep } from "./passkey.js";
import { PasswordStep } from "./password.js";
import { ProfileStep } from "./profile.js";
import { CodeStep, LinkStep } from "./proof.js";
import type { StepProps, Way } from "./step.js";

/**
 * A component for each type of step. A client that knows a new one does not compile here
 * until there is a component for it; a server that sends one before that is met by
 * `Journey`, which asks to update.
 */
const components: { readonly [T in StepType]: ComponentType<StepProps<T>> } = {
  acknowledge: AcknowledgeStep,
  code: CodeStep,
  consent: ConsentStep,
  guest: GuestStep,
  identifier: IdentifierStep,
  link: LinkStep,
  new_passkey: NewPasskeyStep,
  new_password: NewPasswordStep,
  passkey: PasskeyStep,
  password: PasswordStep,
  profile: ProfileStep,
  skip: SkipStep,
};

const ofPasskeys: readonly string[] = ["passkey", "new_passkey", "skip"];

/** What this page can show, which a flow is told when it starts. */
export const accepts = Object.keys(components).filter((type) => isSupported() || !ofPasskeys.includes(type)) as readonly StepType[];

type KnownStep = Extract<Step, { readonly type: StepType }>;

/** What is shown of what is offered: forms, and what can be sent instead of filling one in. */
export interface Shown {
  readonly forms: readonly KnownStep[];
  readonly ways: readonly Way[];
}

/**
 * What is shown of what is offered: known steps, and one of two that ask for the same. A
 * passkey, and a code or a link that could be sent, is a way out of another form, and a form
 * only where there is none.
 */
export function shownSteps({ journey, steps }: Pick<Flow, "journey" | "steps">): Shown {
  const known = steps.filter((step): step is KnownStep => Object.hasOwn(components, step.type) && step.type !== "skip");
  const ways: KnownStep[] = [];
  const asking: KnownStep[] = [];
  for (const step of known) (isWay(step) ? ways : asking).push(step);
  const asks = (step: KnownStep) => step.type === "password" || step.type === "new_password";
  const twice = asking.some(asks) && asking.some((step) => step.type === "identifier");
  // A journey that finds out by the identifier how to go on asks for that alone.
  const once = asking.filter((step) => !twice || (journey === "login_or_registration" ? !asks(step) : step.type !== "identifier"));
  const forms = once.length ? once : ways.splice(0, 1);
  return { forms, ways: ways.map((step) => (step.type === "link" && step.approved ? "invited" : (step.type as Way))) };
}

function isWay(step: KnownStep): boolean {
  switch (step.type) {
    case "code":
    case "link": return !step.sent;
    case "new_passkey": return !step.conditional;
    default: return step.type === "passkey";
  }
}

/** What a journey is known to offer first, before there is a flow, which gives it its ids; undefined where it is not known. */
export function firstSteps(journey: string, { code, link, identifier_types, password_policy }: PublicConfiguration): readonly KnownStep[] | undefined {
  const ways: KnownStep[] = [];
  if (code.channels.length) ways.push({ type: "code", id: "" });
  if (link.available) ways.push({ type: "link", id: "", approved: false });
  switch (journey) {
    case "login": return [{ type: "password", id: "" }, ...ways];
    case "registration": return [{ type: "new_password", id: "", policy: password_policy }, ...ways];
    case "login_or_registration": return [{ type: "identifier", id: "", identifier_types }];
    case "recovery": return ways.length ? ways : undefined;
    default: return undefined;
  }
}

/** The component of a step. */
export function componentOf<T extends StepType>(step: { readonly type: T }): ComponentType<StepProps<T>> {
  return components[step.type];
}
