import type { PasswordPolicy } from "@lintel/client";
import { Field, Form } from "../form.js";
import { useSurroundings } from "../surroundings.js";
import type { StepProps } from "./step.js";
import { Who } from "./who.js";

export function NewPasswordStep({ step, level, refusal, answer }: StepProps<"new_password">) {
  const { words } = useSurroundings();
  return (
    <Form title={words.titles.registration} level={level} submit={words.signUp} refusal={refusal}
      onSend={({ identifier, password = "" }) => answer({ type: "new_password", password, ...(identifier && { identifier }) })}>
      <Who identifier={step.identifier} />
      <NewPasswordField policy={step.policy} />
    </Form>
  );
}

/** Where a password is chosen. */
export function NewPasswordField({ policy }: { policy: PasswordPolicy }) {
  const { words } = useSurroundings();
  return <Field name="password" label={words.newPassword} type="password" autoComplete="new-password" hint={words.atLeast(policy.min_length)} required />;
}
