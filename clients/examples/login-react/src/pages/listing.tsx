import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { type Refusal, sentence } from "../refusal.js";
import { useSurroundings } from "../surroundings.js";
import type { Loaded } from "./load.js";

/** A button that does something to one row; `about` says to screen readers which. */
export type Act = (label: string, about: string, what: () => Promise<unknown>) => ReactNode;

interface ListingProps<T extends { readonly id: string }> {
  readonly title: string;
  readonly text?: string;
  readonly items: readonly T[];
  readonly refusal: Refusal | undefined;
  readonly after: Loaded<unknown>["after"];
  readonly children?: ReactNode;
  row(item: T, act: Act): ReactNode;
  below?(act: Act): ReactNode;
}

/** A card with a list. After something was done to a row, the focus is on the first new one, or on the title. */
export function Listing<T extends { readonly id: string }>({ title, text, items, refusal, after, children, row, below }: ListingProps<T>) {
  const { words } = useSurroundings();
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const [done, setDone] = useState<{ readonly before: number }>();
  useEffect(() => {
    const place = done && ((list.current?.children[done.before] as HTMLElement | undefined) ?? heading.current);
    place?.focus();
  }, [done]);

  const act: Act = (label, about, what) => (
    <button type="button" aria-label={about ? `${label}: ${about}` : undefined} onClick={async () => {
      const before = items.length;
      if (await after(what)) setDone({ before });
    }}>
      {label}
    </button>
  );
  return (
    <section className="card" aria-labelledby={id}>
      <h2 id={id} ref={heading} tabIndex={-1}>{title}</h2>
      {text && <p className="quiet">{text}</p>}
      <p className="problem" role="alert">{refusal && sentence(refusal, words)}</p>
      <ul ref={list}>{items.map((item) => <li key={item.id} tabIndex={-1}>{row(item, act)}</li>)}</ul>
      {children}
      {below && <div className="actions">{below(act)}</div>}
    </section>
  );
}
