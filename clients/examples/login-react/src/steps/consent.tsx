import { Field, Form } from "../form.js";
import { useSurroundings } from "../surroundings.js";
import type { StepProps } from "./step.js";

export function ConsentStep({ step, level, refusal, answer }: StepProps<"consent">) {
  const { words } = useSurroundings();
  return (
    <Form title={words.terms} level={level} submit={words.goOn} refusal={refusal}
      onSend={() => answer({ type: "consent", agreed: step.terms.map(({ subject, version }) => ({ subject, version })) })}>
      {step.terms.map(({ subject, version, url }) => (
        <div className="stack" key={subject}>
          <a href={url} target="_blank" rel="noopener">{words.read}</a>
          <Field name="agreed" label={words.agree(version)} type="checkbox" required />
        </div>
      ))}
    </Form>
  );
}
