import { Form } from "../form.js";
import { useSurroundings } from "../surroundings.js";
import type { StepProps } from "./step.js";
import { Who } from "./who.js";

export function IdentifierStep({ step, journey, level, refusal, answer }: StepProps<"identifier">) {
  const { words } = useSurroundings();
  return (
    <Form title={words.titles[journey] ?? words.titles.login} level={level} submit={words.goOn} refusal={refusal}
      onSend={({ identifier = "" }) => answer({ type: "identifier", identifier })}>
      <Who types={step.identifier_types} />
    </Form>
  );
}
