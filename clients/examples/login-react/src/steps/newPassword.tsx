import type { PasswordPolicy } from "@lintel/client";
import { Field, Form } from "../form.js";
import { useSurroundings } from "../surroundings.js";
import { instead } from "./proof.js";
import type { StepProps } from "./step.js";
import { Who } from "./who.js";

export function NewPasswordStep({ step, journey, level, refusal, ways, answer }: StepProps<"new_password">) {
  const { words } = useSurroundings();
  const signsUp = journey.endsWith("registration");
  return (
    <Form title={signsUp ? words.titles.registration : words.choosePassword} level={level} submit={signsUp ? words.signUp : words.goOn} ways={ways} refusal={refusal}
      onSend={(values) => answer(instead(values) ?? { type: "new_password", password: values["password"] ?? "", ...(values["identifier"] && { identifier: values["identifier"] }) })}>
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
