import type { PublicConfiguration } from "@lintel/client";
import { createContext, useContext } from "react";
import type { Words } from "./words.js";

/** What every part of the page stands in. */
export interface Surroundings {
  readonly configuration: PublicConfiguration;
  readonly words: Words;
  /** Says something in passing; screen readers speak it. */
  say(text: string): void;
}

export const SurroundingsContext = createContext<Surroundings | undefined>(undefined);

export function useSurroundings(): Surroundings {
  const found = useContext(SurroundingsContext);
  if (!found) throw new Error("outside of the page");
  return found;
}

/** A time in the reader's words. */
export function When({ time, only }: { time: string; only?: "date" }) {
  const { configuration } = useSurroundings();
  const style: Intl.DateTimeFormatOptions = only ? { dateStyle: "long" } : { dateStyle: "medium", timeStyle: "short" };
  return <bdi><time dateTime={time}>{new Intl.DateTimeFormat(configuration.locale, style).format(new Date(time))}</time></bdi>;
}
