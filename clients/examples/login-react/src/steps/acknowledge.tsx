import { Form } from "../form.js";
import { useSurroundings } from "../surroundings.js";
import type { StepProps } from "./step.js";

export function AcknowledgeStep({ step, level, refusal, answer, leave }: StepProps<"acknowledge">) {
  const { words } = useSurroundings();
  const deletion = step.notice.code === "account_deletion_scheduled";
  return (
    <Form title={words.notice} text={step.notice.detail} level={level} submit={deletion ? words.keep : words.goOn} refusal={refusal}
      more={deletion && <button type="button" onClick={leave}>{words.leave}</button>}
      onSend={() => answer({ type: "acknowledge" })} />
  );
}
