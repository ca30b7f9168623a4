import { Field, Form } from "../form.js";
import { useSurroundings } from "../surroundings.js";
import type { StepProps } from "./step.js";

export function ConsentStep({ step, level, refusal, answer }: StepProps<"consent">) {
  const { words } = useSurroundings();
  return (
    <Form title={words.terms} level={level} submit={words.goOn} refusal={refusal}
      onSend={() => answer({ type: "consent", agreed: step.terms.map(({ subject, version }) => ({ subject, version })) })}>
      {step.terms.map(({ subject, version, url }, index) => (
        <div className="stack" key={subject}>
          {/^https?:/i.test(url) && <a href={url} target="_blank" rel="noopener">{words.read}</a>}
          <Field name={index ? `agreed-${index}` : "agreed"} label={words.agree(version)} type="checkbox" required />
        </div>
      ))}
    </Form>
  );
}
