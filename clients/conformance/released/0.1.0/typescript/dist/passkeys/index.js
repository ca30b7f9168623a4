import { offer } from "../flow/index.js";
import { listMyPasskeys, removeMyPasskey, } from "../generated/frontend.js";
import { hold } from "./ceremony.js";
import { PasskeyError } from "./error.js";
import { answered, creationOptions, platform, requestOptions } from "./json.js";
export { PasskeyError } from "./error.js";
/** Whether this page can ask for passkeys at all. */
export function isSupported() {
    return !!platform();
}
/** Whether the browser offers passkeys in a field with `autocomplete="username webauthn"`. */
export async function canAutofill() {
    return !!(await quietly(() => platform()?.isConditionalMediationAvailable?.()));
}
/** Whether the browser makes passkeys without asking, for who has just signed in with a password of its own. */
export async function canUpgrade() {
    return !!(await quietly(() => platform()?.getClientCapabilities?.()))?.conditionalCreate;
}
/** Uses a passkey for a step, and gives what answers it. */
export function getPasskey(step, options = {}) {
    return use(step, options, undefined, (answer) => answer);
}
/** Makes a passkey for a step, and gives what answers it. One that is `conditional` is made without asking. */
export function makePasskey(step, options = {}) {
    return make(step, options, (answer) => answer);
}
/** Signs in with a passkey, where the flow asks for one: it gives where the flow stands then, and throws a {@link PasskeyError}. */
export async function signInWithPasskey(driver, { identifier, signal } = {}) {
    const who = identifier && offer(driver.state.flow, "identifier");
    const flow = who ? await driver.submit({ type: "identifier", id: who.id, identifier }) : driver.state.flow;
    if (who && !(flow && !flow.error && offer(flow, "passkey")))
        return flow; // it goes on in another way
    return use(asked(flow, "passkey"), { signal }, undefined, (answer) => submit(driver, answer));
}
/** Makes a passkey, where the flow asks for one: to sign up, and to have one more. */
export async function addPasskey(driver, options = {}) {
    return make(asked(driver.state.flow, "new_passkey"), options, (answer) => submit(driver, answer));
}
/**
 * Has the browser offer passkeys in a field with `autocomplete="username webauthn"`, as long as
 * the flow asks for whoever's. What its person does otherwise comes first, and then it is
 * offered again. Gives where the flow stands when it asks no more, or `signal` has ended it.
 */
export async function autofillPasskey(driver, { signal } = {}) {
    if (!(await canAutofill()))
        return driver.state.flow;
    while (!signal?.aborted) {
        const { flow } = driver.state;
        const step = flow.status === "active" ? offer(flow, "passkey") : undefined;
        if (!step || step.identifier !== undefined || step.options.allowCredentials.length)
            break; // it is known whose
        const moved = new AbortController(); // another challenge is another ceremony
        const wanted = () => offer(driver.state.flow, "passkey")?.options.challenge === step.options.challenge;
        const look = () => wanted() || moved.abort();
        const end = () => moved.abort();
        const hear = driver.subscribe?.(look);
        signal?.addEventListener("abort", end);
        const started = Date.now();
        try {
            await use(step, { signal: moved.signal }, wanted, (answer) => (hear?.(), submit(driver, answer)));
        }
        catch (error) {
            const { code } = error;
            // One that was closed is there for the next try; one that the browser closes by itself would be again.
            if (code === "cancelled" || code === "timed_out") {
                if (Date.now() - started > 1000)
                    continue;
                break;
            }
            if (code !== "aborted")
                throw error;
        }
        finally {
            hear?.();
            signal?.removeEventListener("abort", end);
        }
        if (!moved.signal.aborted && driver.state.flow === flow)
            break; // it could not be asked, or the page does not know yet
    }
    return driver.state.flow;
}
/**
 * Answers a `new_passkey` that is `conditional`: makes a passkey without asking, where the
 * browser does that, and skips it otherwise. No login waits for it long, or fails of it.
 */
export async function upgradeToPasskey(driver, { signal } = {}) {
    const step = asked(driver.state.flow, "new_passkey");
    const late = new AbortController();
    const leave = () => late.abort();
    const timer = setTimeout(leave, 5_000);
    signal?.addEventListener("abort", leave);
    let flow;
    try {
        if (step.conditional && (await canUpgrade()))
            flow = await make(step, { signal: late.signal }, (answer) => submit(driver, answer));
    }
    catch (error) {
        if (!(error instanceof PasskeyError))
            throw error;
    }
    finally {
        clearTimeout(timer);
        signal?.removeEventListener("abort", leave);
    }
    if (signal?.aborted)
        throw new PasskeyError("aborted", signal.reason);
    const now = flow ?? driver.state.flow;
    const left = offer(now, "skip");
    return left && (!flow || flow.error) ? driver.submit({ type: "skip", id: left.id }) : now;
}
/** All passkeys of the signed-in user; the platform is told of them. */
export async function listPasskeys(client) {
    const found = [];
    for (let cursor; cursor !== null;) {
        const page = await client(listMyPasskeys, cursor ? { cursor } : {});
        found.push(...page.items);
        cursor = page.next_cursor;
        if (cursor === null)
            void tellPlatform(page.signals);
    }
    return found;
}
/** Removes a passkey; the platform is told of it. The last way in goes only where its person has said so. */
export async function removePasskey(client, passkey_id, { lastWayIn = false } = {}) {
    void tellPlatform(await client(removeMyPasskey, { passkey_id, ...(lastWayIn && { last_way_in: true }) }));
}
/** Tells the platform which passkeys there are, as far as it can be told. What it makes of it nobody learns. */
export async function tellPlatform(signals) {
    const tell = (method, all = []) => all.map((one) => quietly(() => platform()?.[method]?.(one)));
    await Promise.all([
        ...tell("signalUnknownCredential", signals?.unknown_credential && [signals.unknown_credential]),
        ...tell("signalAllAcceptedCredentials", signals?.all_accepted_credentials),
        ...tell("signalCurrentUserDetails", signals?.current_user_details),
    ]);
}
function asked(flow, type) {
    const step = flow && offer(flow, type);
    if (!step)
        throw new PasskeyError("not_offered");
    return step;
}
async function submit(driver, answer) {
    const flow = await driver.submit(answer);
    void tellPlatform(flow?.passkey_signals);
    return flow;
}
function use({ id, options }, { signal }, wanted, then) {
    return hold({ ...(wanted && { autofill: true, wanted }), timeout: options.timeout, signal }, (leave) => navigator.credentials.get({ publicKey: requestOptions(options), signal: leave, ...(wanted && { mediation: "conditional" }) }), (found) => then({ type: "passkey", id, credential: answered(found) }));
}
function make({ id, conditional, options }, { identifier, name, profile, signal }, then) {
    return hold({ timeout: options.timeout, signal }, (leave) => {
        const typed = options.user.name || identifier || "";
        const user = options.user.name ? options.user : { ...options.user, name: typed, displayName: typed };
        const asking = { publicKey: creationOptions({ ...options, user }), signal: leave, ...(conditional && { mediation: "conditional" }) };
        return navigator.credentials.create(asking);
    }, (made) => then({
        type: "new_passkey", id, credential: answered(made),
        ...(identifier && { identifier }), ...(name && { name }), ...(profile && { profile }),
    }));
}
async function quietly(what) {
    try {
        return await what();
    }
    catch {
        return undefined; // a browser that does not tell cannot
    }
}
