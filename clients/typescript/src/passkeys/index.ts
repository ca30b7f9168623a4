import type { Client } from "../core/client.js";
import { type FlowDriver, offer } from "../flow/index.js";
import {
  type Flow, type IdentifierSubmission, listMyPasskeys, type NewPasskeyStep, type NewPasskeySubmission, type Passkey, type PasskeyID, type PasskeySignals, type PasskeyStep, type PasskeySubmission,
  type Profile, removeMyPasskey,
} from "../generated/frontend.js";
import { hold } from "./ceremony.js";
import { PasskeyError } from "./error.js";
import { answered, creationOptions, platform, type Platform, requestOptions } from "./json.js";

export { type PasskeyCode, PasskeyError } from "./error.js";

/** A flow that is driven, as far as passkeys need it. */
export interface PasskeyFlow extends Pick<FlowDriver, "state"> {
  submit(answer: IdentifierSubmission | PasskeySubmission | NewPasskeySubmission | { readonly type: "skip"; readonly id?: string }): Promise<Flow | undefined>;
  readonly subscribe?: FlowDriver["subscribe"];
}

/** How a passkey is asked for. */
export interface PasskeyOptions {
  /** Leaves it, for a page that goes away. */
  readonly signal?: AbortSignal | undefined;
}

/** How somebody signs in with a passkey. */
export interface SignInOptions extends PasskeyOptions {
  /**
   * What the person typed, where the flow asks for that: it then finds passkeys, too, that an
   * authenticator does not keep, as those of older keys.
   */
  readonly identifier?: string | undefined;
}

/** How a passkey is made. */
export interface NewPasskeyOptions extends PasskeyOptions {
  /** What the person typed, where the flow does not know who it is for. */
  readonly identifier?: string | undefined;
  /** What the person calls it. */
  readonly name?: string | undefined;
  readonly profile?: Profile | undefined;
}

/** Whether this page can ask for passkeys at all. */
export function isSupported(): boolean {
  return !!platform();
}

/** Whether the browser offers passkeys in a field with `autocomplete="username webauthn"`. */
export async function canAutofill(): Promise<boolean> {
  return !!(await quietly(() => platform()?.isConditionalMediationAvailable?.()));
}

/** Whether the browser makes passkeys without asking, for who has just signed in with a password of its own. */
export async function canUpgrade(): Promise<boolean> {
  return !!(await quietly(() => platform()?.getClientCapabilities?.()))?.conditionalCreate;
}

/** Uses a passkey for a step, and gives what answers it. */
export function getPasskey(step: PasskeyStep, options: PasskeyOptions = {}): Promise<PasskeySubmission> {
  return use(step, options, undefined, (answer) => answer);
}

/** Makes a passkey for a step, and gives what answers it. One that is `conditional` is made without asking. */
export function makePasskey(step: NewPasskeyStep, options: NewPasskeyOptions = {}): Promise<NewPasskeySubmission> {
  return make(step, options, (answer) => answer);
}

/** Signs in with a passkey, where the flow asks for one: it gives where the flow stands then, and throws a {@link PasskeyError}. */
export async function signInWithPasskey(driver: PasskeyFlow, { identifier, signal }: SignInOptions = {}): Promise<Flow | undefined> {
  const who = identifier && offer(driver.state.flow, "identifier");
  const flow = who ? await driver.submit({ type: "identifier", id: who.id, identifier }) : driver.state.flow;
  if (who && !(flow && !flow.error && offer(flow, "passkey"))) return flow; // it goes on in another way
  return use(asked(flow, "passkey"), { signal }, undefined, (answer) => submit(driver, answer));
}

/** Makes a passkey, where the flow asks for one: to sign up, and to have one more. */
export async function addPasskey(driver: PasskeyFlow, options: NewPasskeyOptions = {}): Promise<Flow | undefined> {
  return make(asked(driver.state.flow, "new_passkey"), options, (answer) => submit(driver, answer));
}

/**
 * Has the browser offer passkeys in a field with `autocomplete="username webauthn"`, as long as
 * the flow asks for whoever's. What its person does otherwise comes first, and then it is
 * offered again. Gives where the flow stands when it asks no more, or `signal` has ended it.
 */
export async function autofillPasskey(driver: PasskeyFlow, { signal }: PasskeyOptions = {}): Promise<Flow | undefined> {
  if (!(await canAutofill())) return driver.state.flow;
  while (!signal?.aborted) {
    const { flow } = driver.state;
    const step = flow.status === "active" ? offer(flow, "passkey") : undefined;
    if (!step || step.identifier !== undefined || step.options.allowCredentials.length) break; // it is known whose
    const moved = new AbortController(); // another challenge is another ceremony
    const wanted = () => offer(driver.state.flow, "passkey")?.options.challenge === step.options.challenge;
    const look = () => wanted() || moved.abort();
    const end = () => moved.abort();
    const hear = driver.subscribe?.(look);
    signal?.addEventListener("abort", end);
    const started = Date.now();
    try {
      await use(step, { signal: moved.signal }, wanted, (answer) => (hear?.(), submit(driver, answer)));
    } catch (error) {
      const { code } = error as PasskeyError;
      // One that was closed is there for the next try; one that the browser closes by itself would be again.
      if (code === "cancelled" || code === "timed_out") {
        if (Date.now() - started > 1000) continue;
        break;
      }
      if (code !== "aborted") throw error;
    } finally {
      hear?.();
      signal?.removeEventListener("abort", end);
    }
    if (!moved.signal.aborted && driver.state.flow === flow) break; // it could not be asked, or the page does not know yet
  }
  return driver.state.flow;
}

/**
 * Answers a `new_passkey` that is `conditional`: makes a passkey without asking, where the
 * browser does that, and skips it otherwise. No login waits for it long, or fails of it.
 */
export async function upgradeToPasskey(driver: PasskeyFlow, { signal }: PasskeyOptions = {}): Promise<Flow | undefined> {
  const step = asked(driver.state.flow, "new_passkey");
  const late = new AbortController();
  const leave = () => late.abort();
  const timer = setTimeout(leave, 5_000);
  signal?.addEventListener("abort", leave);
  let flow: Flow | undefined;
  try {
    if (step.conditional && (await canUpgrade())) flow = await make(step, { signal: late.signal }, (answer) => submit(driver, answer));
  } catch (error) {
    if (!(error instanceof PasskeyError)) throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", leave);
  }
  if (signal?.aborted) throw new PasskeyError("aborted", signal.reason);
  const now = flow ?? driver.state.flow;
  const left = offer(now, "skip");
  return left && (!flow || flow.error) ? driver.submit({ type: "skip", id: left.id }) : now;
}

/** All passkeys of the signed-in user; the platform is told of them. */
export async function listPasskeys(client: Client): Promise<readonly Passkey[]> {
  const found: Passkey[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await client(listMyPasskeys, cursor ? { cursor } : {});
    found.push(...page.items);
    cursor = page.next_cursor;
    if (cursor === null) void tellPlatform(page.signals);
  }
  return found;
}

/** Removes a passkey; the platform is told of it. The last way in goes only where its person has said so. */
export async function removePasskey(client: Client, passkey_id: PasskeyID, { lastWayIn = false } = {}): Promise<void> {
  void tellPlatform(await client(removeMyPasskey, { passkey_id, ...(lastWayIn && { last_way_in: true }) }));
}

/** Tells the platform which passkeys there are, as far as it can be told. What it makes of it nobody learns. */
export async function tellPlatform(signals: PasskeySignals | undefined): Promise<void> {
  const tell = (method: keyof Platform & `signal${string}`, all: readonly object[] = []) => all.map((one) => quietly(() => platform()?.[method]?.(one)));
  await Promise.all([
    ...tell("signalUnknownCredential", signals?.unknown_credential && [signals.unknown_credential]),
    ...tell("signalAllAcceptedCredentials", signals?.all_accepted_credentials),
    ...tell("signalCurrentUserDetails", signals?.current_user_details),
  ]);
}

function asked<T extends "passkey" | "new_passkey">(flow: Flow | undefined, type: T) {
  const step = flow && offer(flow, type);
  if (!step) throw new PasskeyError("not_offered");
  return step;
}

async function submit(driver: PasskeyFlow, answer: PasskeySubmission | NewPasskeySubmission): Promise<Flow | undefined> {
  const flow = await driver.submit(answer);
  void tellPlatform(flow?.passkey_signals);
  return flow;
}

function use<R>({ id, options }: PasskeyStep, { signal }: PasskeyOptions, wanted: (() => boolean) | undefined, then: (answer: PasskeySubmission) => R | Promise<R>): Promise<R> {
  return hold(
    { ...(wanted && { autofill: true, wanted }), timeout: options.timeout, signal },
    (leave) => navigator.credentials.get({ publicKey: requestOptions(options), signal: leave, ...(wanted && { mediation: "conditional" as const }) }),
    (found) => then({ type: "passkey", id, credential: answered(found as PublicKeyCredential) }),
  );
}

function make<R>({ id, conditional, options }: NewPasskeyStep, { identifier, name, profile, signal }: NewPasskeyOptions, then: (answer: NewPasskeySubmission) => R | Promise<R>): Promise<R> {
  return hold(
    { timeout: options.timeout, signal },
    (leave) => {
      const typed = options.user.name || identifier || "";
      const user = options.user.name ? options.user : { ...options.user, name: typed, displayName: typed };
      const asking = { publicKey: creationOptions({ ...options, user }), signal: leave, ...(conditional && { mediation: "conditional" }) };
      return navigator.credentials.create(asking as CredentialCreationOptions);
    },
    (made) =>
      then({
        type: "new_passkey", id, credential: answered(made as PublicKeyCredential),
        ...(identifier && { identifier }), ...(name && { name }), ...(profile && { profile }),
      }),
  );
}

async function quietly<T>(what: () => Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await what();
  } catch {
    return undefined; // a browser that does not tell cannot
  }
}
