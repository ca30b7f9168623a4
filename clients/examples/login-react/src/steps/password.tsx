import { Field, Form } from "../form.js";
import { useSurroundings } from "../surroundings.js";
import { instead } from "./proof.js";
import type { StepProps } from "./step.js";
import { Who } from "./who.js";

export function PasswordStep({ step, journey, level, refusal, ways, answer }: StepProps<"password">) {
  const { words } = useSurroundings();
  const again = journey === "step_up";
  return (
    <Form title={again ? words.titles.step_up : words.titles.login} text={again && words.confirm} level={level}
      submit={again ? words.goOn : words.titles.login} ways={ways} refusal={refusal}
      onSend={(values) => answer(instead(values) ?? { type: "password", password: values["password"] ?? "", ...(values["identifier"] && { identifier: values["identifier"] }) })}>
      <Who identifier={step.identifier} journey={journey} />
      <Field name="password" label={words.password} type="password" autoComplete="current-password" required />
    </Form>
  );
}
