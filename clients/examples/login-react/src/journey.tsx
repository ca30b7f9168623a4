import type { Client, Flow, StepSubmission, StepType } from "@lintel/client";
import type { FlowOptions } from "@lintel/client/flow";
import { useFlow } from "@lintel/client/react";
import { type ComponentType, useEffect, useRef, useState } from "react";
import { chosenLocale, clientId } from "./lintel.js";
import { sentence } from "./refusal.js";
import { accepts, componentOf, firstSteps, shownSteps } from "./steps/index.js";
import type { StepProps } from "./steps/step.js";
import { useSurroundings } from "./surroundings.js";

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
 */
export function Journey({ client, name, level, storage, begin, onCompleted }: JourneyProps) {
  const { configuration, words } = useSurroundings();
  const place = useRef<HTMLDivElement>(null);
  const [answered, setAnswered] = useState(false);
  const [turn, setTurn] = useState(0);
  const first = begin ? undefined : firstSteps(name, configuration);
  const { flow, busy, error, submit, back, restart } = useFlow(client, {
    journey: name, accepts, lazy: first !== undefined, storage, links: localStorage, onCompleted,
    ...(clientId && { client_id: clientId }), ...(chosenLocale && { locale: chosenLocale }), ...begin,
  });
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

  async function answer(submission: StepSubmission): Promise<Flow | undefined> {
    setAnswered(true);
    const next = await submit(submission);
    if (next && !next.error) setTurn((before) => before + 1);
    return next;
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
        return <Step key={keys[at]} step={step} journey={name} level={level} ways={ways} refusal={busy ? undefined : (error ?? flow?.error)}
          answer={(submission) => answer(flow ? { ...submission, id: flow.steps.find(({ type }) => type === submission.type)?.id as string } : submission)} leave={restart} />;
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
