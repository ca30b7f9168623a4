import { Form } from "../form.js";
import { useSurroundings } from "../surroundings.js";
import { instead } from "./proof.js";
import type { StepProps } from "./step.js";
import { Who } from "./who.js";

export function IdentifierStep({ step, journey, level, refusal, ways, answer }: StepProps<"identifier">) {
  const { words } = useSurroundings();
  return (
    <Form title={words.titles[journey] ?? words.titles.login} level={level} submit={words.goOn} refusal={refusal} ways={ways.filter((way) => way === "passkey")}
      onSend={(values) => answer(instead(values) ?? { type: "identifier", identifier: values["identifier"] ?? "" })}>
      <Who types={step.identifier_types} journey={journey} />
    </Form>
  );
}
