import { type ComponentProps, createContext, type FormEvent, type ReactNode, useContext, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import type { Values } from "./profile.js";
import { type Refusal, isRefusal, sentence, wrongFields } from "./refusal.js";
import type { Way } from "./steps/step.js";
import { useSurroundings } from "./surroundings.js";

/** What the fields of a form know of what is wrong with them. */
const Wrong = createContext<ReadonlyMap<string, string>>(new Map());

interface FormProps {
  readonly title: string;
  readonly text?: ReactNode;
  /** Its own button; false where there is nothing to fill in. */
  readonly submit: string | false;
  /** What can be sent instead of filling it in; which was taken is the value `way`. */
  readonly ways?: readonly Way[];
  readonly look?: "main" | "danger" | "";
  /** The level of its heading. */
  readonly level?: 1 | 2 | 3;
  /** Why its last values were refused, where its parent knows. */
  readonly refusal?: Refusal | undefined;
  readonly children?: ReactNode;
  /** Beside the button. */
  readonly more?: ReactNode;
  /** Takes the values, and those that were there before; what it throws is shown. */
  onSend(values: Values, form: HTMLFormElement, before: Values): Promise<unknown>;
}

const valuesOf = (form: HTMLFormElement, submitter?: HTMLElement | null) => Object.fromEntries(new FormData(form, submitter)) as Record<string, string>;

/** A form that is sent once at a time, shows what is wrong at its fields, and puts the focus there. */
export function Form({ title, text, submit, look = "main", level = 1, ways = [], refusal, children, more, onSend }: FormProps) {
  const { words } = useSurroundings();
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const before = useRef<Values>({});
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<ReadonlyMap<string, string>>(new Map());
  const [problem, setProblem] = useState("");

  function complain(refused: Refusal): void {
    const fields = wrongFields(refused, words);
    const here = [...fields].filter(([name]) => form.current?.elements.namedItem(name));
    setWrong(new Map(here));
    setProblem(here.length ? "" : sentence(refused, words));
  }

  useLayoutEffect(() => {
    if (form.current) before.current = valuesOf(form.current);
  }, []);
  useEffect(() => {
    if (refusal) complain(refusal);
  }, [refusal]);
  useEffect(() => {
    if (!wrong.size && !problem) return;
    const place = form.current?.querySelector<HTMLElement>(wrong.size ? "[aria-invalid=true]" : "button:not([type], :disabled)");
    place?.closest("details")?.setAttribute("open", "");
    place?.focus();
  }, [wrong, problem]);

  async function send(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (busy) return;
    const element = event.currentTarget;
    const { submitter } = event.nativeEvent as SubmitEvent;
    const way = submitter instanceof HTMLButtonElement && submitter.name === "way";
    const invalid = [...element.elements].filter((one): one is HTMLInputElement =>
      one instanceof HTMLInputElement && !one.validity.valid && (!way || (one.name === "identifier" && submitter.value !== "passkey")));
    setProblem("");
    setWrong(new Map(invalid.map((one) => [one.name, !one.validity.valueMissing ? one.validationMessage : one.type === "checkbox" ? words.agreeFirst : words.required])));
    if (invalid.length) return;
    const values = valuesOf(element, submitter);
    setBusy(true);
    try {
      await onSend(values, element, before.current);
      before.current = values;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (error.code !== "aborted") complain(error); // that was somebody's own wish
    } finally {
      setBusy(false);
    }
  }

  const Heading = `h${level}` as const;
  return (
    <form ref={form} noValidate aria-labelledby={id} aria-busy={busy} onSubmit={send}>
      <Heading id={id} tabIndex={-1}>{title}</Heading>
      {text && <p className="quiet">{text}</p>}
      <p className="problem" role="alert">{problem}</p>
      <Wrong value={wrong}>{children}</Wrong>
      <div className="actions">
        {submit && <button className={look}>{submit}</button>}
        {more}
      </div>
      <div className="ways">
        {ways.map((type) => <button key={type} name="way" value={type} className="bare" formNoValidate>{words.instead[type]}</button>)}
      </div>
    </form>
  );
}

interface FieldProps extends Omit<ComponentProps<"input">, "children"> {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  /** In the place of an input. */
  readonly as?: "select" | "textarea";
  /** The options of a select. */
  readonly children?: ReactNode;
}

/** A labelled input with its hint and a place for what is wrong with it. */
export function Field({ label, hint, as, ...attributes }: FieldProps) {
  const id = useId();
  const wrong = useContext(Wrong).get(attributes.name);
  const described = { id, "aria-describedby": `${hint ? `${id}-hint ` : ""}${id}-error`, "aria-invalid": wrong !== undefined || undefined };
  const Input = (as ?? "input") as "input";
  const error = <span className="error" id={`${id}-error`}>{wrong}</span>;
  const caption = <label htmlFor={id}>{label}</label>;
  if (attributes.type === "checkbox") {
    return <div className="check"><input {...attributes} {...described} />{caption}{error}</div>;
  }
  return (
    <div className="field">
      {caption}
      {attributes.type === "password" ? <Covered {...attributes} {...described} /> : <Input {...attributes} {...described} />}
      {hint && <span className="quiet" id={`${id}-hint`}>{hint}</span>}
      {error}
    </div>
  );
}

/** A password that can be looked at. */
function Covered(attributes: ComponentProps<"input">) {
  const { words } = useSurroundings();
  const [shown, setShown] = useState(false);
  return (
    <span className="covered">
      <input {...attributes} type={shown ? "text" : "password"} />
      <button type="button" className="bare" aria-label={words.showPassword} aria-pressed={shown} onClick={() => setShown(!shown)}>
        {shown ? words.hide : words.show}
      </button>
    </span>
  );
}
