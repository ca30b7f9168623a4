import { Claims } from "../claims.js";
import { Form } from "../form.js";
import { changes } from "../profile.js";
import { useSurroundings } from "../surroundings.js";
import type { StepProps } from "./step.js";

export function ProfileStep({ step, level, refusal, answer }: StepProps<"profile">) {
  const { configuration, words } = useSurroundings();
  return (
    <Form title={words.about} level={level} submit={words.goOn} refusal={refusal}
      onSend={(values) => answer({ type: "profile", profile: changes(configuration.profile_schema, values) })}>
      <Claims names={step.claims} profile={{}} required />
    </Form>
  );
}
