import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { LintelError } from "../core/error.js";
import { offer } from "../flow/index.js";
import { renameMyPasskey } from "../generated/frontend.js";
import { addPasskey, autofillPasskey, isSupported, listPasskeys, PasskeyError, removePasskey, signInWithPasskey, upgradeToPasskey, } from "../passkeys/index.js";
const idle = () => () => undefined;
/** Whether there are passkeys here; on a server there are none. */
function useSupport() {
    return useSyncExternalStore(idle, isSupported, () => false);
}
/** What was answered last, by what it was submitted with: React shows it a little later. */
const answered = new WeakMap();
/** The flow as it is at each moment, for what takes longer than a rendering. */
function useDriver(view) {
    const latest = useRef(view);
    latest.current = view;
    return useMemo(() => ({
        get state() {
            const { flow: shown, submit } = latest.current;
            if (!shown)
                throw new PasskeyError("not_offered");
            const last = answered.get(submit);
            const flow = last && last.id === shown.id && last.revision > shown.revision ? last : shown;
            return { flow, busy: false, error: undefined };
        },
        async submit(answer) {
            const { submit } = latest.current;
            const flow = await submit(answer);
            if (flow)
                answered.set(submit, flow);
            return flow;
        },
    }), []);
}
/**
 * Has the browser offer passkeys in a field with `autocomplete="username webauthn"`, while the
 * component is there and the flow asks for one. What was chosen answers the flow by itself.
 */
export function usePasskeyAutofill(view, { enabled = true } = {}) {
    const driver = useDriver(view);
    const [error, setError] = useState();
    const step = view.flow?.status === "active" ? offer(view.flow, "passkey") : undefined;
    const challenge = enabled && step?.identifier === undefined && !step?.options.allowCredentials.length ? step?.options.challenge : undefined;
    useEffect(() => {
        setError(undefined);
        if (!challenge)
            return undefined;
        const leave = new AbortController();
        // Not at once: React, in development, comes and goes once before it stays.
        const timer = setTimeout(() => autofillPasskey(driver, { signal: leave.signal }).catch((failure) => leave.signal.aborted || setError(known(failure))));
        return () => (clearTimeout(timer), leave.abort());
    }, [driver, challenge]);
    return { error };
}
/** Signs in with a passkey, at the press of a button. */
export function usePasskeySignIn(view) {
    const driver = useDriver(view);
    const { act, ...button } = useButton(view, "passkey");
    return { ...button, signIn: useCallback((options) => act((signal) => signInWithPasskey(driver, { signal, ...options })), [act, driver]) };
}
/** Makes a passkey, at the press of a button: to sign up, and, in the journey `enrolment`, to have one more. */
export function useNewPasskey(view) {
    const driver = useDriver(view);
    const { act, ...button } = useButton(view, "new_passkey");
    return { ...button, create: useCallback((options) => act((signal) => addPasskey(driver, { signal, ...options })), [act, driver]) };
}
/** Makes a passkey without asking, or goes on without one, where the flow would have that after a password. */
export function usePasskeyUpgrade(view) {
    const driver = useDriver(view);
    const step = view.flow?.status === "active" ? offer(view.flow, "new_passkey") : undefined;
    const id = step?.conditional ? step.id : undefined;
    useEffect(() => {
        if (!id)
            return undefined;
        const leave = new AbortController();
        const timer = setTimeout(() => upgradeToPasskey(driver, { signal: leave.signal }).catch((failure) => void known(failure)));
        return () => (clearTimeout(timer), leave.abort());
    }, [driver, id]);
}
/** Lists the passkeys of who is signed in, and names and removes them. `client` may get a fresh proof where one is wanted. */
export function usePasskeys(client) {
    const [state, setState] = useState({ passkeys: undefined, busy: true, error: undefined, lastWayIn: undefined });
    const here = useRef(0); // what was begun before the component came, or after it left, is not shown
    const latest = useRef(state);
    latest.current = state;
    const act = useCallback(async (what, about) => {
        const mine = here.current;
        const show = (change) => mine === here.current && setState((before) => ({ ...before, ...change }));
        show({ busy: true, error: undefined, lastWayIn: undefined });
        try {
            await what();
            show({ passkeys: await listPasskeys(client) });
            return true;
        }
        catch (error) {
            if (!(error instanceof LintelError))
                throw error;
            const last = about && error.code === "last_way_in" ? latest.current.passkeys?.find(({ id }) => id === about) : undefined;
            show(last ? { lastWayIn: last } : { error });
            return false;
        }
        finally {
            show({ busy: false });
        }
    }, [client]);
    useEffect(() => {
        void act(async () => undefined);
        return () => void here.current++;
    }, [act]);
    return {
        ...state,
        reload: useCallback(() => act(async () => undefined), [act]),
        rename: useCallback((passkey_id, name) => act(() => client(renameMyPasskey, { passkey_id, body: { name } })), [act, client]),
        remove: useCallback((id) => act(() => removePasskey(client, id), id), [act, client]),
        confirm: useCallback(async () => {
            const { lastWayIn } = latest.current;
            return !!lastWayIn && act(() => removePasskey(client, lastWayIn.id, { lastWayIn: true }));
        }, [act, client]),
        keep: useCallback(() => setState((before) => ({ ...before, lastWayIn: undefined })), []),
    };
}
function useButton(view, type) {
    const supported = useSupport();
    const [state, setState] = useState({ busy: false, error: undefined });
    const leave = useRef(undefined);
    useEffect(() => () => leave.current?.abort(), []);
    const act = useCallback(async (what) => {
        const mine = (leave.current = new AbortController());
        const show = (change) => leave.current === mine && setState(change);
        show({ busy: true, error: undefined });
        try {
            const flow = await what(mine.signal);
            show({ busy: false, error: undefined });
            return flow;
        }
        catch (failure) {
            show({ busy: false, error: known(failure) });
            return undefined;
        }
    }, []);
    return { offered: supported && view.flow?.status === "active" && !!offer(view.flow, type), ...state, act };
}
/** What is no matter of passkeys is a mistake of the page. */
function known(failure) {
    if (failure instanceof PasskeyError)
        return failure;
    throw failure;
}
