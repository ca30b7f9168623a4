import { Form } from "../form.js";
import { useSurroundings } from "../surroundings.js";
import type { StepProps } from "./step.js";

export function GuestStep({ level, refusal, answer }: StepProps<"guest">) {
  const { words } = useSurroundings();
  return <Form title={words.titles.guest} text={words.guestAsk} level={level} submit={words.goOn} refusal={refusal} onSend={() => answer({ type: "guest" })} />;
}
