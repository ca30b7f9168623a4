import { type Client, LintelError } from "@lintel/client";
import { createContext, type ReactNode, useContext, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Journey } from "./journey.js";
import { session } from "./lintel.js";
import { useSurroundings } from "./surroundings.js";

const Ask = createContext<Client>(session.client);

/**
 * The client of signed-in pages. Where a fresh proof is wanted (`step_up_required`), it
 * gets that in a dialog and asks again, so that pages need not know. What was left by
 * closing the dialog is refused as `aborted`, which nobody has to be told.
 */
export function useAsk(): Client {
  return useContext(Ask);
}

interface Proof {
  readonly journey: string;
  end(given: boolean): void;
}

export function AskProvider({ children }: { children: ReactNode }) {
  const [wanted, setWanted] = useState<Proof>();
  const given = useRef<Promise<boolean>>(undefined); // one proof for all who wait for it
  const ask = useMemo<Client>(
    () => async (operation, ...input) => {
      try {
        return await session.client(operation, ...input);
      } catch (error) {
        const stepUp = error instanceof LintelError && error.code === "step_up_required" ? error.problem?.step_up : undefined;
        if (!stepUp) throw error;
        given.current ??= new Promise<boolean>((end) => setWanted({ journey: stepUp.journey, end })).finally(() => {
          given.current = undefined;
          setWanted(undefined);
        });
        if (!(await given.current)) throw new LintelError("aborted", 0, "the dialog was closed");
        return session.client(operation, ...input);
      }
    },
    [],
  );
  return (
    <Ask value={ask}>
      {children}
      {wanted && <StepUp {...wanted} />}
    </Ask>
  );
}

function StepUp({ journey, end }: Proof) {
  const { words } = useSurroundings();
  return (
    <Dialog label={words.titles.step_up} onClose={() => end(false)}>
      <Journey client={session.client} name={journey} level={2} onCompleted={(flow) => (session.adopt(flow), end(true))} />
    </Dialog>
  );
}

interface DialogProps {
  readonly label: string;
  readonly children: ReactNode;
  onClose(): void;
}

/** A dialog over the page. The browser keeps the focus inside, and gives it back. */
export function Dialog({ label, children, onClose }: DialogProps) {
  const { words } = useSurroundings();
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close(); // while it is still there: only then does the focus return
  }, []);
  return (
    <dialog ref={dialog} className="card" aria-label={label} onCancel={(event) => (event.preventDefault(), onClose())}>
      {children}
      <button type="button" className="bare" onClick={onClose}>{words.cancel}</button>
    </dialog>
  );
}
