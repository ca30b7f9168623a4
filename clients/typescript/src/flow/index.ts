import type { Client } from "../core/client.js";
import { LintelError } from "../core/error.js";
import {
  abandonFlow,
  createFlow,
  type Flow,
  type FlowStart,
  getFlow,
  rewindFlow,
  type Step,
  type StepSubmission,
  type StepType,
  stepTypes,
  submitStep,
} from "../generated/frontend.js";

/** Where a flow is kept while a page loads anew: `sessionStorage`, or what acts like it. */
export type FlowStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** How to start a flow. */
export interface FlowOptions extends Omit<FlowStart, "accepts" | "transport"> {
  /** How the session's token will travel; in a cookie without it. */
  readonly transport?: FlowStart["transport"];
  /** The step types that can be shown: all that this release knows without it. */
  readonly accepts?: readonly StepType[];
  /** Keeps the flow while the page loads anew. */
  readonly storage?: FlowStorage | undefined;
  /**
   * Keeps the flow as long as it waits for a link, for the tab that the link opens:
   * `localStorage`, because no tab sees another one's `sessionStorage`.
   */
  readonly links?: FlowStorage | undefined;
}

/** Where a flow is kept. */
export type FlowKeeping = Pick<FlowOptions, "storage" | "links">;

/** What a link of a message brings to the page that it opens: the input of `openLink`, in two parts. */
export interface LinkAccess {
  readonly flow_id: string;
  readonly link_token: string;
}

/**
 * What a message led to the page with. Each but a flow's has the token as the operations take
 * it: `openInvitation` and the start of a flow, `openReversal` and `useReversal`,
 * `openRecovery` and `stopRecovery`.
 */
export type FoundLink =
  | ({ readonly type: "flow" } & LinkAccess)
  | { readonly type: "invitation"; readonly invitation_token: string }
  | { readonly type: "undo"; readonly undo_token: string }
  | { readonly type: "recovery"; readonly recovery_token: string };

/** What can be seen of a flow at one moment. */
export interface FlowState {
  /** Where it stands, as the server last told. */
  readonly flow: Flow;
  /** Whether an answer is on its way. */
  readonly busy: boolean;
  /** What went wrong with the last answer, where that is nothing of the flow's own. */
  readonly error: LintelError | undefined;
}

/** A flow that is driven. Only one thing happens at a time; what comes second waits. */
export interface FlowDriver {
  /** Changes as a whole, or not at all. */
  readonly state: FlowState;
  /** Answers one of the steps that are offered. */
  submit(answer: StepSubmission): Promise<Flow>;
  /** Returns to the previous question, where `can_go_back`. */
  back(): Promise<Flow>;
  /** Sees where it stands now. */
  refresh(): Promise<Flow>;
  /** Waits until it moves, for what another device or a link does, half a minute at most. */
  wait(signal?: AbortSignal): Promise<Flow>;
  /** Ends it; nothing it was told is kept. */
  abandon(): Promise<void>;
  /** Calls whenever `state` has changed, until what it returns is called. */
  subscribe(listener: () => void): () => void;
}

const KEY = "lintel_flow";
const LINK_KEY = "lintel_link";

/** Starts a flow, with a first answer if there is one: a password signs in with one request. */
export async function startFlow(client: Client, { storage, links, ...start }: FlowOptions): Promise<FlowDriver> {
  const body: FlowStart = { transport: "cookie", accepts: stepTypes, ...start };
  return drive(client, await client(createFlow, { body }), { storage, links });
}

/** Goes on with the flow that was under way when the page was left; undefined without one. */
export async function resumeFlow(client: Client, storage: FlowStorage, links?: FlowStorage): Promise<FlowDriver | undefined> {
  return kept(client, storage, KEY, { storage, links });
}

async function kept(client: Client, at: FlowStorage, key: string, keeping: FlowKeeping, wanted?: string): Promise<FlowDriver | undefined> {
  const [flow_id, flow_token] = (convenient(() => at.getItem(key)) ?? "").split(" ");
  if (!flow_id || !flow_token || (wanted && wanted !== flow_id)) return undefined;
  try {
    const flow = await client(getFlow, { flow_id, flow_token });
    if (flow.status === "active") return drive(client, { ...flow, flow_token }, keeping);
  } catch (error) {
    if (!(error instanceof LintelError) || ![401, 404].includes(error.status)) throw error;
  }
  convenient(() => at.removeItem(key));
  return undefined;
}

/** What a link of a message has in the fragment of the page that it opened; undefined where none did. */
export function linkIn(fragment: string): FoundLink | undefined {
  const { flow, link, invitation, undo, recovery } = Object.fromEntries(new URLSearchParams(fragment.replace(/^#/, "")));
  if (flow && link) return { type: "flow", flow_id: flow, link_token: link };
  if (invitation) return { type: "invitation", invitation_token: invitation };
  if (undo) return { type: "undo", undo_token: undo };
  return recovery ? { type: "recovery", recovery_token: recovery } : undefined;
}

/**
 * Answers the flow that a link was sent for with what it brings, where this browser has kept
 * it in `links`. Undefined elsewhere: there `openLink` tells what can be done.
 */
export async function followLink(client: Client, { flow_id, link_token }: LinkAccess, keeping: FlowKeeping): Promise<FlowDriver | undefined> {
  const driver = keeping.links && (await kept(client, keeping.links, LINK_KEY, keeping, flow_id));
  if (driver && offer(driver.state.flow, "link")) await driver.submit({ type: "link", link_token });
  return driver;
}

/** Whether it waits for a link that was sent. */
export function awaitsLink(flow: Flow): boolean {
  return flow.status === "active" && !!offer(flow, "link")?.sent;
}

/**
 * Waits for as long as the flow waits for a link, and goes on where that was approved
 * elsewhere. Gives where the flow stands then; a connection that is lost only takes longer.
 */
export async function awaitLink(driver: FlowDriver, signal?: AbortSignal): Promise<Flow> {
  while (awaitsLink(driver.state.flow)) {
    const { flow } = driver.state;
    const step = offer(flow, "link");
    try {
      if (step?.approved && !flow.error) await driver.submit({ type: "link", id: step.id });
      else await driver.wait(signal);
    } catch (error) {
      const { status, retryAfter } = error as LintelError;
      if (signal?.aborted || (status > 399 && status < 500 && status !== 409 && status !== 429)) throw error;
      await new Promise((resolve) => setTimeout(resolve, (retryAfter ?? 2) * 1000));
    }
  }
  return driver.state.flow;
}

/** A storage that is full or denied keeps nothing, and is no reason not to sign in. */
function convenient<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}

/** The offer of a type, where the flow makes one. */
export function offer<T extends StepType>(flow: Flow, type: T): Extract<Step, { readonly type: T }> | undefined {
  return flow.steps.find((step): step is Extract<Step, { readonly type: T }> => step.type === type);
}

function drive(client: Client, first: Flow, { storage, links }: FlowKeeping): FlowDriver {
  const listeners = new Set<() => void>();
  const open = { flow_id: first.id, flow_token: first.flow_token ?? "" };
  let state: FlowState = { flow: first, busy: false, error: undefined };
  let turn: Promise<unknown> = Promise.resolve();
  let abandoned = false;

  function show(change: Partial<FlowState>): void {
    state = { ...state, ...change };
    for (const listener of [...listeners]) {
      try {
        listener();
      } catch (error) {
        queueMicrotask(() => {
          throw error; // the page's own mistake: told as such, and no matter of the flow
        });
      }
    }
  }

  /** What was asked earlier is not told over what is newer, nor over the token, which is told once. */
  function tell(flow: Flow): Flow {
    const newer = flow.revision - state.flow.revision;
    if (newer > 0 || (newer === 0 && !state.flow.outcome?.session_token)) show({ flow });
    if (!abandoned) keep(state.flow.status === "active");
    return state.flow;
  }

  function keep(active: boolean): void {
    const mine = `${open.flow_id} ${open.flow_token}`;
    convenient(() => (active ? storage?.setItem(KEY, mine) : storage?.removeItem(KEY)));
    // Another tab may wait for a link of its own.
    convenient(() => (active && awaitsLink(state.flow) ? links?.setItem(LINK_KEY, mine) : links?.getItem(LINK_KEY) === mine && links.removeItem(LINK_KEY)));
  }

  function act(ask: () => Promise<Flow>): Promise<Flow> {
    const mine = turn.then(async () => {
      show({ busy: true, error: undefined });
      try {
        return tell(await ask());
      } catch (error) {
        show({ error: error as LintelError });
        // Another tab was faster: what is offered now is somewhere else.
        if ((error as LintelError).status === 409) await client(getFlow, open).then(tell, () => undefined);
        throw error;
      } finally {
        show({ busy: false });
      }
    });
    turn = mine.catch(() => undefined);
    return mine;
  }

  tell(first);
  return {
    get state() {
      return state;
    },
    submit: (body) => act(() => client(submitStep, { ...open, body })),
    back: () => act(() => client(rewindFlow, open)),
    refresh: () => act(() => client(getFlow, open)),
    wait: async (signal) => tell(await client(getFlow, { ...open, wait: 30, revision: state.flow.revision }, { signal, timeout: 45_000 })),
    async abandon() {
      abandoned = true; // what is still on its way is not kept, nor takes away what was begun since
      keep(false);
      await client(abandonFlow, open);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
