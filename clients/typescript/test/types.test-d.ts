// What the compiler promises to whoever uses this package. Nothing here runs. A line that
// is expected not to compile, and does, is an error.
import {
  type ActivityEntry,
  type Client,
  createClient,
  createFlow,
  each,
  endSession,
  type Flow,
  type FlowStart,
  getFlow,
  getSession,
  LintelError,
  listActivity,
  listMySessions,
  openInvitation,
  type Session,
  setPassword,
  type Step,
  stopRecovery,
  submitStep,
  type UnknownStep,
  updateIdentifier,
  updateMe,
  useReversal,
} from "@lintel/client";
import { followLink, linkIn, offer, startFlow } from "@lintel/client/flow";
import { type ApplicationUpdate, createManagement, listApiKeys } from "@lintel/client/management";
import { useFlow } from "@lintel/client/react";
import { type Claims, type Guard, honoGuard, nextGuard } from "@lintel/client/server";
import { Hono } from "hono";

declare const lintel: Client;
declare const step: Step;
declare const flow: Flow;
declare const session: Session;

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Same<A, B>): void {}

// A switch that forgets the unknown step does not compile, and one that forgets a known one
// is found by its default.
// @ts-expect-error a step that this release does not know leads to the end of the function
export function forgetful(step: Step): string {
  switch (step.type) {
    case "identifier":
      return step.identifier_types.join();
    case "password":
      return step.identifier ?? "";
    case "new_password":
      return `${step.policy.min_length}`;
    case "profile":
      return step.claims.join();
    case "consent":
      return step.terms.map((one) => one.url).join();
    case "acknowledge":
      return step.notice.detail;
  }
}

export function complete(step: Step): string {
  switch (step.type) {
    case "identifier":
    case "password":
    case "new_password":
    case "profile":
    case "consent":
    case "acknowledge":
    case "code":
    case "link":
    case "guest":
    case "passkey":
    case "new_passkey":
    case "skip":
      return step.id;
    default:
      same<typeof step, UnknownStep>(true);
      // @ts-expect-error nothing is known of it, not even that it has an id
      step.id satisfies string;
      return `Please update: ${String(step.type)}`;
  }
}

export function lacking(step: Step): string {
  switch (step.type) {
    case "identifier":
    case "password":
      return step.id;
    default:
      // @ts-expect-error so it is not the unknown step alone that comes here
      step satisfies UnknownStep;
      return "";
  }
}

// @ts-expect-error whatever else is unknown, it is not what is known
export const disguised: UnknownStep = { type: "password" };
if (step.type === "consent") same<typeof step.terms, Extract<Step, { type: "consent" }>["terms"]>(true);
// @ts-expect-error a step has a policy only once it is known to be the one that has
void step.policy;

// Sets of values are open: the known ones are offered, and any other one is fine.
same<Flow["status"], "active" | "completed" | "denied" | "expired" | (string & {})>(true);
flow.status satisfies string;
if (flow.status === "waiting_for_review" || session.acr === "aal9") void session.amr.includes("face");
// @ts-expect-error what is sent is one of those that the server takes
export const sent: FlowStart = { journey: "login", transport: "carrier pigeon" };

// Absent is not undefined, and null only where it means something.
export const start: FlowStart = { journey: "login", transport: "token" };
// @ts-expect-error a member that is there with nothing in it is not the same as one that is not there
export const undefinedMember: FlowStart = { journey: "login", transport: "token", locale: undefined };
// @ts-expect-error null is not one of the languages
export const nullMember: FlowStart = { journey: "login", transport: "token", locale: null };
void lintel(updateMe, { body: { profile: { nickname: null } } });
// @ts-expect-error the profile itself cannot be removed
void lintel(updateMe, { body: { profile: null } });
// @ts-expect-error whether it is the first choice is a boolean
void lintel(updateIdentifier, { identifier_id: "idn_1", body: { primary: null } });
same<Session["user_id"], string>(true);
same<Flow["flow_token"], string | undefined>(true);

// What an operation needs is asked for, and nothing else is taken.
same<Awaited<ReturnType<typeof read>>, Session>(true);
export const read = () => lintel(getSession);
export const patient = () => lintel(getSession, {}, { timeout: 1000 });
same<Awaited<ReturnType<typeof end>>, void>(true);
export const end = () => lintel(endSession);
// @ts-expect-error the flow's token is missing
void lintel(getFlow, { flow_id: "flw_1" });
// @ts-expect-error all of it is missing
void lintel(getFlow);
// @ts-expect-error there is no such input
void lintel(getFlow, { flow_id: "flw_1", flow_token: "lf_1", waits: 3 });
// @ts-expect-error seconds are a number
void lintel(getFlow, { flow_id: "flw_1", flow_token: "lf_1", wait: "3" });
// @ts-expect-error the body is missing
void lintel(setPassword, {});
// @ts-expect-error and what has to be in it
void lintel(setPassword, { body: {} });
// @ts-expect-error an answer is of one of the kinds that there are
void lintel(submitStep, { flow_id: "flw_1", flow_token: "lf_1", body: { type: "hologram" } });
// @ts-expect-error and has what that kind has
void lintel(submitStep, { flow_id: "flw_1", flow_token: "lf_1", body: { type: "password", identifier: "ada" } });
void lintel(createFlow, { body: { ...start, submit: { type: "password", identifier: "ada@example.com", password: "…" } } });
// @ts-expect-error a client that does not know where the server is
createClient({});

// @ts-expect-error what is read is not written to
flow.status = "completed";
// @ts-expect-error nor is what is in it
session.amr.push("face");

// Lists give their items, and only lists can be read page after page.
export async function list(): Promise<void> {
  for await (const one of each(lintel, listMySessions, { limit: 10 })) same<typeof one, Session>(true);
  for await (const one of each(lintel, listActivity)) same<typeof one, ActivityEntry>(true);
  // @ts-expect-error a session is no list
  each(lintel, getSession);
  // @ts-expect-error the pages are asked for one after the other
  each(lintel, listActivity, { cursor: "c2Vz" });
}

// Errors are of one class, with the codes that are known and any other.
export async function fail(): Promise<string | undefined> {
  try {
    await lintel(getSession);
  } catch (error) {
    if (!(error instanceof LintelError)) throw error;
    if (error.code === "session_invalid" || error.code === "timeout" || error.code === "from_a_later_release") return error.message;
    same<typeof error.status, number>(true);
    return error.field("/password")?.detail ?? error.problem?.step_up?.journey;
  }
  return undefined;
}

// The driver takes what the journey takes, and an offer is of the kind that was asked for.
export async function drive(): Promise<void> {
  const driver = await startFlow(lintel, { journey: "login" });
  await driver.submit({ type: "identifier", identifier: "ada@example.com" });
  // @ts-expect-error a driver takes answers only
  await driver.submit({ type: "identifier" });
  offer(driver.state.flow, "new_password")?.policy.min_length satisfies number | undefined;
  // @ts-expect-error there is no such kind
  offer(driver.state.flow, "hologram");
}

// A link says what it is, and goes where it belongs.
export async function arrive(): Promise<void> {
  const link = linkIn("#invitation=li_1");
  switch (link?.type) {
    case "flow":
      return void (await followLink(lintel, link, {}));
    case "invitation": {
      const { type: _, ...body } = link;
      (await lintel(openInvitation, { body })).inviter satisfies string;
      return void (await startFlow(lintel, { journey: "registration", ...body }));
    }
    case "undo":
      return lintel(useReversal, { body: { undo_token: link.undo_token } });
    case "recovery":
      return lintel(stopRecovery, { body: { recovery_token: link.recovery_token } });
    default:
      same<typeof link, undefined>(true);
  }
  // @ts-expect-error any other link is not a flow's
  await followLink(lintel, link, {});
}

// A back end has a key, and everything else as a page has it.
export const operator: Client = createManagement({ baseUrl: "https://id.example.com", key: "lk_1", timeout: 1000 });
export const rotating: Client = createManagement({ baseUrl: "https://id.example.com", key: async () => "lk_1" });
// @ts-expect-error it does nothing without one
createManagement({ baseUrl: "https://id.example.com" });
// @ts-expect-error which may not be there for a request, but not on the whole
createManagement({ baseUrl: "https://id.example.com", key: undefined });
// @ts-expect-error and it is no session's token
createManagement({ baseUrl: "https://id.example.com", key: "lk_1", token: "ls_1" });
export async function keys(): Promise<void> {
  for await (const one of each(operator, listApiKeys)) one.id satisfies string;
  // @ts-expect-error the pages are asked for one after the other
  each(operator, listApiKeys, { cursor: "c2Vz" });
}

// A setting is taken back with null, a value and an object alike.
export const back: ApplicationUpdate = { terms: null, jwks: null, subject_type: null, scope: null };
// @ts-expect-error a name is not
export const nameless: ApplicationUpdate = { name: null };

// Middleware is what the frameworks take: Hono knows its own context, Next its own request.
declare const guard: Guard;
const app = new Hono<{ Variables: { claims: Claims } }>();
app.use("/api/*", honoGuard(guard));
app.get("/api/hello", (c) => c.text(c.get("claims").sub));
interface PageRequest extends Request {
  readonly nextUrl: URL;
}
export const proxy: (request: PageRequest) => Promise<Response | undefined> = nextGuard(guard);
export const passing = nextGuard(guard, (request: PageRequest, claims) => Response.redirect(new URL(`/${claims.sub}`, request.nextUrl)));
// @ts-expect-error a request of another kind has no nextUrl
void passing(new Request("https://app.example.com"));

// A flow of React begins with the first answer, where that is wanted.
export function lazily(): Promise<Flow | undefined> {
  const { submit, wait, refresh } = useFlow(lintel, { journey: "login", lazy: true });
  void wait(AbortSignal.timeout(1000)).then(refresh);
  return submit({ type: "password", identifier: "ada@example.com", password: "…" });
}
