import { useEffect, useRef, useState } from "react";
import { Field, Form } from "../form.js";
import type { Values } from "../profile.js";
import { useSurroundings } from "../surroundings.js";
import type { Answer, StepProps } from "./step.js";
import { Who } from "./who.js";

/** What proves an address: a code or a link that was sent there. */
type Proof = "code" | "link";

/** The page that links open: this one, which the application has to list in `link_uris`. */
const target = location.origin + location.pathname;

/** Has something sent. */
function send(type: Proof, identifier: string | undefined): Answer {
  const to = identifier ? { identifier } : {};
  return type === "link" ? { type, link_uri: target, ...to } : { type, ...to };
}

/** The answer that has something sent instead of what a form asks for; undefined where its own button was pressed. */
export function instead({ way, identifier }: Values): Answer | undefined {
  if (way === "passkey" || way === "new_passkey") return { type: way, identifier };
  if (way === "invited") return { type: "link" };
  return way === "code" || way === "link" ? send(way, identifier) : undefined;
}

export function CodeStep(props: StepProps<"code">) {
  return props.step.sent ? <Sent {...props} /> : <Send {...props} />;
}

/** As long as it is there `useFlow` waits for the link, here or elsewhere. */
export function LinkStep(props: StepProps<"link">) {
  return props.step.sent ? <Sent {...props} /> : <Send {...props} />;
}

/** Asks where to send it, as far as that is not known. Of an invitation it was sent already. */
function Send({ step, journey, level, refusal, ways, answer }: StepProps<Proof>) {
  const { configuration, words } = useSurroundings();
  const { type, identifier } = step;
  if (step.type === "link" && step.approved) {
    return (
      <Form title={words.titles[journey] ?? words.titles.registration} level={level} submit={words.goOn} ways={ways} refusal={refusal}
        onSend={(values) => answer(instead(values) ?? { type })}>
        <Who identifier={identifier} />
      </Form>
    );
  }
  const known = journey === "step_up" || journey === "verification";
  const title = identifier && journey === "registration" ? words.titles.verification : words.titles[journey];
  const types = configuration.code.channels.map((channel) => (channel === "sms" ? "phone" : channel));
  return (
    <Form title={title ?? words.titles.step_up} text={words.sendText[journey] ?? words.sendText.other} level={level} submit={words.send[type]} ways={ways}
      refusal={refusal} onSend={(values) => answer(instead(values) ?? send(type, values["identifier"]))}>
      {(identifier || !known) && <Who identifier={identifier} types={types} />}
    </Form>
  );
}

/** Says that something was sent; for a code, and a link that shows one elsewhere, with an input for it. */
function Sent({ step, level, refusal, answer, leave }: StepProps<Proof>) {
  const { configuration, words, say } = useSurroundings();
  const { type, sent } = step;
  if (!sent) return null;
  const { elsewhere } = configuration.link;
  const [before, after] = type === "code" ? words.codeSent(sent.code_length) : (words.linkSent[elsewhere] ?? words.linkSent.refuse);
  const typed = type === "code" || elsewhere === "code";

  async function answered(values: Values): Promise<void> {
    const flow = await answer(instead(values) ?? { type, one_time_code: values["one_time_code"] ?? "" });
    if (values["way"] && flow && !flow.error) say(words.sentAgain);
  }
  return (
    <Form title={words.sentTitles[type]} text={<>{before}<bdi>{sent.destination}</bdi>{after}</>} level={level} submit={typed && words.goOn}
      refusal={refusal} more={<Resend step={step} leave={leave} />} onSend={answered}>
      {typed ? (
        <Field name="one_time_code" label={type === "code" ? words.code : words.codeShown} inputMode="numeric" autoComplete="one-time-code"
          className="digits" dir="ltr" hint={words.nothingCame} required />
      ) : (
        <p className="quiet">{words.nothingCame}</p>
      )}
    </Form>
  );
}

/** A button that has another one sent, as soon as that can be; where none will be, one that begins again. */
function Resend({ step, leave }: Pick<StepProps<Proof>, "step" | "leave">) {
  const { words } = useSurroundings();
  const wait = step.sent?.resend_after_seconds;
  const [left, setLeft] = useState(wait ?? 0);
  const until = useRef(0);
  useEffect(() => {
    until.current = Date.now() + (wait ?? 0) * 1000;
    const count = () => setLeft(Math.max(0, Math.ceil((until.current - Date.now()) / 1000)));
    count();
    const timer = setInterval(count, 1000);
    return () => clearInterval(timer);
  }, [step, wait]);
  if (wait === undefined) return <button type="button" className="bare" onClick={leave}>{words.again}</button>;
  return (
    <button name="way" value={step.type} className="bare" formNoValidate disabled={left > 0}>
      {words.resend[step.type]}
      {left > 0 && ` (${Math.floor(left / 60)}:${`${left % 60}`.padStart(2, "0")})`}
    </button>
  );
}
