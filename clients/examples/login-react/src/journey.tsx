import type { Client, Flow, StepType } from "@lintel/client";
import type { FlowOptions } from "@lintel/client/flow";
import { isSupported } from "@lintel/client/passkeys";
import { useFlow, useNewPasskey, usePasskeyAutofill, usePasskeySignIn, usePasskeyUpgrade } from "@lintel/client/react";
import { type ComponentType, useEffect, useRef, useState } from "react";
import { chosenLocale, clientId } from "./lintel.js";
import { type Refusal, sentence } from "./refusal.js";
import { accepts, componentOf, firstSteps, shownSteps } from "./steps/index.js";
import type { Answer, StepProps } from "./steps/step.js";
import { useSurroundings } from "./surroundings.js";

/** What the page itself did, which nobody has to be told. */
const left = ["superseded", "aborted"];

/** What else a flow starts with than its journey. */
export type Begin = Pick<FlowOptions, "submit" | "invitation_token" | "client_id">;

interface JourneyProps {
  readonly client: Client;
  readonly name: string;
  readonly level: 1 | 2;
  /** Keeps it while the page loads anew. */
  readonly storage?: Storage;
  /** What else it starts with: an answer that is known, or an invitation. */
  readonly begin?: Begin;
  onCompleted(flow: Flow): void;
}

/**
 * Runs a journey: shows what it offers, step after step, until it is completed. Where the
 * first question is known, it is shown before there is a flow, which starts with the answer.
 * What a browser needs for passkeys comes with the flow, so that one is started at once.
 */
export function Journey({ client, name, level, storage, begin, onCompleted }: JourneyProps) {
  const { configuration, words } = useSurroundings();
  const place = useRef<HTMLDivElement>(null);
  const [answered, setAnswered] = useState(false);
  const [turn, setTurn] = useState(0);
  const passkeys = configuration.passkeys.available && isSupported();
  const [asked, setAsked] = useState<Answer["type"]>(); // what was answered last
  const first = begin || (passkeys && name !== "recovery") ? undefined : firstSteps(name, configuration);
  const { flow, busy, error, submit, back, restart } = useFlow(client, {
    journey: name, accepts, lazy: first !== undefined, storage, links: localStorage, onCompleted,
    ...(clientId && { client_id: clientId }), ...(chosenLocale && { locale: chosenLocale }), ...begin,
  });
  const view = { flow, submit };
  const { signIn, busy: signing, error: unsigned } = usePasskeySignIn(view);
  const { create, busy: making, error: unmade } = useNewPasskey(view);
  usePasskeyAutofill(view, { enabled: passkeys && name.startsWith("login") });
  usePasskeyUpgrade(view);
  const keyError = asked === "passkey" ? unsigned : asked === "new_passkey" ? unmade : undefined;
  const refusal: Refusal | undefined = busy || signing || making ? undefined : (error ?? (keyError && left.includes(keyError.code) ? undefined : keyError) ?? flow?.error);
  // Until it is known whether a flow was left, nothing is asked that it would not.
  const offered = flow ? (flow.status === "active" ? flow.steps : []) : first && (answered || !busy) ? first : [];
  const { forms: steps, ways } = shownSteps({ journey: name, steps: offered });
  // A refused answer keeps its form, with what was typed.
  const keys = steps.map(({ type }, at) => `${turn} ${type} ${at}`);
  const shown = keys.join();

  useEffect(() => {
    const find = (selector: string) => place.current?.querySelector<HTMLElement>(selector);
    (find("form :is(input, select, textarea):not([hidden])") ?? find("form button:not([type], :disabled, [name])") ?? find("h1, h2"))?.focus();
  }, [shown, flow?.status]);

  async function answer(given: Answer): Promise<Flow | undefined> {
    setAnswered(true);
    setAsked(given.type);
    const next = await send(given);
    if (next && !next.error) setTurn((before) => before + 1);
    return next;
  }

  function send(given: Answer): Promise<Flow | undefined> {
    if (given.type === "passkey") return signIn({ identifier: given.identifier });
    if (given.type === "new_passkey") return create({ identifier: given.identifier, name: given.name });
    return submit(flow ? { ...given, id: flow.steps.find(({ type }) => type === given.type)?.id as string } : given);
  }

  if (!flow && !steps.length) {
    return error ? <Notice level={level} title={words.notice} text={sentence(error, words)} label={words.again} onClick={restart} /> : <p role="status">{busy && "…"}</p>;
  }
  if (flow?.status === "completed") return null;
  if (!steps.length) {
    const outdated = flow?.status === "active" || flow?.error?.code === "client_upgrade_required";
    return (
      <div ref={place}>
        {outdated
          ? <Notice level={level} title={words.updateTitle} text={words.update} label={words.reload} onClick={() => location.reload()} />
          : <Notice level={level} title={words.notice} text={flow?.error?.detail ?? words.over} label={words.again} onClick={restart} />}
      </div>
    );
  }
  return (
    <div ref={place}>
      {steps.map((step, at) => {
        const Step = componentOf(step) as ComponentType<StepProps<StepType>>;
        return <Step key={keys[at]} step={step} journey={name} level={level} ways={ways} refusal={refusal}
          answer={answer} leave={restart} />;
      })}
      {flow?.can_go_back && <button type="button" className="bare" onClick={back}>{words.back}</button>}
    </div>
  );
}

interface NoticeProps {
  readonly level: 1 | 2;
  readonly title: string;
  readonly text: string;
  readonly label: string;
  onClick(): void;
}

/** Something to read, with one thing to do. */
export function Notice({ level, title, text, label, onClick }: NoticeProps) {
  const Heading = `h${level}` as const;
  return (
    <div className="stack">
      <Heading tabIndex={-1}>{title}</Heading>
      <p>{text}</p>
      <div className="actions">
        <button type="button" className="main" onClick={onClick}>{label}</button>
      </div>
    </div>
  );
}
