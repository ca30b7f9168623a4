import { Field, Form } from "../form.js";
import { useSurroundings } from "../surroundings.js";
import { instead } from "./proof.js";
import type { StepProps } from "./step.js";
import { Who } from "./who.js";

/** Asks for a passkey, where nothing else will do: as the second factor, and of who has nothing else. */
export function PasskeyStep({ step, journey, level, refusal, ways, answer }: StepProps<"passkey">) {
  const { words } = useSurroundings();
  return (
    <Form title={journey === "step_up" ? words.titles.step_up : words.passkeys.prove} text={words.passkeys.proveText} level={level} submit={words.instead.passkey}
      ways={ways} refusal={refusal} onSend={(values) => answer(instead(values) ?? { type: "passkey" })}>
      {step.identifier && <Who identifier={step.identifier} />}
    </Form>
  );
}

/** Makes a passkey: to sign up, or to have one more, which can be named. One that is made without asking `Journey` sees to. */
export function NewPasskeyStep({ step, journey, level, refusal, ways, answer }: StepProps<"new_passkey">) {
  const { words } = useSurroundings();
  if (step.conditional) return <p role="status">{words.passkeys.upgrade}</p>;
  const signsUp = journey.endsWith("registration");
  return (
    <Form title={signsUp ? words.titles.registration : words.passkeys.add} text={words.passkeys.addText} level={level} submit={words.passkeys.make} ways={ways} refusal={refusal}
      onSend={(values) => answer(instead(values) ?? { type: "new_passkey", identifier: values["identifier"], name: values["name"] || undefined })}>
      {signsUp && <Who identifier={step.identifier} />}
      {journey === "enrolment" && <Field name="name" label={words.passkeys.name} maxLength={64} placeholder={words.passkeys.namePlaceholder} hint={words.passkeys.nameHint} />}
    </Form>
  );
}

/** It stands beside a passkey that is made without asking. */
export function SkipStep() {
  return null;
}
