import { type CallOptions, type Client, type ClientOptions, createClient } from "../core/client.js";
import { LintelError } from "../core/error.js";
import { createSessionToken, endSession, type Flow, getSession, refreshSession, type Session } from "../generated/frontend.js";

/** Where a token is kept: `localStorage`, a phone's keychain, or what acts like one. */
export type TokenStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** How a session reaches the server, and where its token is. */
export interface SessionOptions extends Omit<ClientOptions, "token"> {
  /**
   * Keeps the token, for apps and pages of another site. Without it the session travels in
   * a cookie that no script can read, which is what a page of the same site wants.
   */
  readonly tokenStorage?: TokenStorage | undefined;
}

/** Whether somebody is signed in; `unknown` until it was asked for. */
export type SessionState =
  | { readonly status: "unknown"; readonly session?: undefined }
  | { readonly status: "signed_out"; readonly session?: undefined }
  | { readonly status: "signed_in"; readonly session: Session };

/** The session of this page or app. */
export interface SessionStore {
  /** Asks with the session; an answer that there is none changes `state`. */
  readonly client: Client;
  /** Changes as a whole, or not at all. */
  readonly state: SessionState;
  /** Asks the server; who asks meanwhile shares the answer. */
  load(): Promise<SessionState>;
  /** Takes what a completed flow has led to. */
  adopt(flow: Flow): SessionState;
  /** Moves the session's end as far out as it goes. */
  refresh(): Promise<SessionState>;
  /** A JWT that speaks for the session to a service, kept until shortly before it ends. */
  jwt(audience?: string): Promise<string>;
  /** Signs out, here and in the page's other tabs. */
  end(): Promise<void>;
  /** Calls whenever `state` has changed, until what it returns is called. */
  subscribe(listener: () => void): () => void;
  /** Hears no more of the other tabs. */
  close(): void;
}

const KEY = "lintel_session";

/** Makes the session's store, and a client that asks with it. */
export function createSession({ tokenStorage, ...options }: SessionOptions): SessionStore {
  const held = () => tokenStorage?.getItem(KEY) ?? undefined;
  const bare = createClient({ ...options, token: tokenStorage && held }) as (operation: unknown, input?: object, call?: CallOptions) => Promise<never>;
  const listeners = new Set<() => void>();
  const tokens = new Map<string, { readonly until: number; readonly token: Promise<string> }>();
  let tabs = typeof BroadcastChannel === "function" ? new BroadcastChannel(`${KEY} ${options.baseUrl}`) : undefined;
  let state: SessionState = { status: "unknown" };
  let loading: Promise<SessionState> | undefined;
  let era = 0; // what was asked in an earlier one says nothing of the session that is here now

  function turn(): void {
    era++;
    loading = undefined;
  }

  function show(next: SessionState): SessionState {
    const other = next.session?.id !== state.session?.id;
    // A new proof makes other tokens, too.
    if (other || next.session?.auth_time !== state.session?.auth_time) tokens.clear();
    if (other || next.status !== state.status || next.session) {
      state = next;
      for (const listener of [...listeners]) listener();
    }
    return state;
  }

  function tell(next: SessionState): SessionState {
    show(next);
    tabs?.postMessage(next.status);
    return state;
  }

  function gone(): SessionState {
    turn();
    tokenStorage?.removeItem(KEY);
    return tell({ status: "signed_out" });
  }

  const client: Client = async (operation, ...[input, call]) => {
    const asked = era;
    let sent: string | undefined;
    const token = call?.token ?? (tokenStorage && (() => (sent = held())));
    try {
      return await bare(operation, input, { ...call, token });
    } catch (error) {
      const invalid = error instanceof LintelError && error.code === "session_invalid" && call?.token === undefined;
      // Another session may have come meanwhile, and be fine.
      if (invalid && asked === era && sent === held() && state.status !== "signed_out") gone();
      throw error;
    }
  };

  async function ask(operation: typeof getSession | typeof refreshSession): Promise<SessionState> {
    const asked = era;
    try {
      const session = await client(operation);
      return asked === era ? show({ status: "signed_in", session }) : (loading ?? state);
    } catch (error) {
      if (asked !== era) return loading ?? state;
      if (state.status === "signed_out" && (error as LintelError).code === "session_invalid") return state;
      throw error;
    }
  }

  const store: SessionStore = {
    client,
    get state() {
      return state;
    },
    load() {
      if (loading) return loading;
      const mine = ask(getSession).finally(() => loading === mine && (loading = undefined));
      return (loading = mine);
    },
    adopt({ outcome }) {
      if (!outcome) return state;
      turn();
      if (outcome.session_token) tokenStorage?.setItem(KEY, outcome.session_token);
      return tell({ status: "signed_in", session: outcome.session });
    },
    refresh: () => ask(refreshSession),
    jwt(audience) {
      const name = audience ?? "";
      const kept = tokens.get(name);
      if (kept && Date.now() < kept.until) return kept.token;
      const asked = client(createSessionToken, audience === undefined ? {} : { audience });
      const token: Promise<string> = asked.then((made) => made.token);
      const mine = () => tokens.get(name)?.token === token; // and not another session's by now
      tokens.set(name, { until: Number.POSITIVE_INFINITY, token });
      asked.then(
        // A fifth of its life, and half a minute at most, is left for it to arrive.
        ({ expires_in }) => mine() && tokens.set(name, { until: Date.now() + (expires_in - Math.min(30, expires_in / 5)) * 1000, token }),
        () => mine() && tokens.delete(name),
      );
      return token;
    },
    async end() {
      try {
        await bare(endSession);
      } catch (error) {
        if (!(error instanceof LintelError) || error.status !== 401) throw error;
      }
      gone();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      tabs?.close();
      tabs = undefined;
    },
  };
  if (tabs) {
    // What another tab did is asked of the server; a token is in the storage they share. Who
    // signed in there may be somebody else, or the same with a new proof.
    tabs.onmessage = ({ data }) => {
      if (data === "signed_out" && state.status === data) return;
      turn();
      store.load().catch(() => undefined);
    };
    (tabs as { unref?(): void }).unref?.(); // Node would wait for other tabs without end
  }
  return store;
}
