import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { Client } from "../core/client.js";
import type { LintelError } from "../core/error.js";
import { type FlowDriver, type FlowOptions, type FlowState, resumeFlow, startFlow } from "../flow/index.js";
import type { Flow, StepSubmission } from "../generated/frontend.js";
import type { SessionState, SessionStore } from "../session/index.js";

/** Whether somebody is signed in; asks once where that is not known. */
export function useSession(store: SessionStore): SessionState {
  const state = useSyncExternalStore(store.subscribe, () => store.state, () => store.state);
  useEffect(() => {
    if (store.state.status === "unknown") store.load().catch(() => undefined);
  }, [store]);
  return state;
}

/** A flow as a component sees it. */
export interface FlowView {
  /** Undefined until it has started. */
  readonly flow: Flow | undefined;
  readonly busy: boolean;
  /** What went wrong, where that is nothing of the flow's own. */
  readonly error: LintelError | undefined;
  /** Answers a step; what goes wrong is in `error`, and `undefined` the answer. */
  submit(answer: StepSubmission): Promise<Flow | undefined>;
  /** Returns to the previous question. */
  back(): Promise<Flow | undefined>;
  /** Starts anew, for one that has expired or was denied. */
  restart(): void;
}

/** How to start a flow, and what is to happen when it is completed. */
export interface UseFlowOptions extends FlowOptions {
  readonly onCompleted?: ((flow: Flow) => void) | undefined;
}

const idle = () => () => undefined;

/** Runs a flow while the component is there. It starts anew when the journey changes. */
export function useFlow(client: Client, { onCompleted, ...options }: UseFlowOptions): FlowView {
  const [round, setRound] = useState(0);
  const [driver, setDriver] = useState<FlowDriver>();
  const [failure, setFailure] = useState<LintelError>();
  const latest = useRef({ options, onCompleted });
  latest.current = { options, onCompleted };

  useEffect(() => {
    let here = true;
    // Not at once: React, in development, comes and goes once before it stays.
    const timer = setTimeout(() => {
      begin(client, latest.current.options, round > 0).then(
        (started) => {
          if (!here) return void started.abandon().catch(() => undefined);
          setDriver(started);
          if (started.state.flow.status === "completed") latest.current.onCompleted?.(started.state.flow);
        },
        (error) => here && setFailure(error),
      );
    });
    return () => {
      here = false;
      clearTimeout(timer);
      setDriver(undefined);
      setFailure(undefined);
    };
  }, [client, options.journey, options.client_id, round]);

  const read = (): FlowState | undefined => driver?.state;
  const state = useSyncExternalStore(driver?.subscribe ?? idle, read, read);
  const act = useCallback(
    async (what: (driver: FlowDriver) => Promise<Flow>) => {
      if (!driver) return undefined;
      try {
        const flow = await what(driver);
        if (flow.status === "completed") latest.current.onCompleted?.(flow);
        return flow;
      } catch {
        return undefined; // it is in the state
      }
    },
    [driver],
  );
  return {
    flow: state?.flow,
    busy: state ? state.busy : !failure,
    error: state ? state.error : failure,
    submit: useCallback((answer) => act((one) => one.submit(answer)), [act]),
    back: useCallback(() => act((one) => one.back()), [act]),
    restart: useCallback(() => setRound((before) => before + 1), []),
  };
}

async function begin(client: Client, options: FlowOptions, anew: boolean): Promise<FlowDriver> {
  const left = options.storage && !anew ? await resumeFlow(client, options.storage) : undefined;
  return left?.state.flow.journey === options.journey ? left : startFlow(client, options);
}
