/** The browser's part; undefined where it has no passkeys, and on pages that are not safe. */
export function platform() {
    const { PublicKeyCredential: found } = globalThis;
    return typeof found === "function" && globalThis.navigator?.credentials ? found : undefined;
}
/** What the server says, as the platform takes it. */
export function requestOptions(given) {
    const parsed = platform()?.parseRequestOptionsFromJSON?.(given);
    return parsed ?? { ...given, challenge: bytes(given.challenge), allowCredentials: given.allowCredentials.map(named) };
}
/** The same for one that is to be made. */
export function creationOptions(given) {
    const parsed = platform()?.parseCreationOptionsFromJSON?.(given);
    return parsed ?? {
        ...given, challenge: bytes(given.challenge), user: { ...given.user, id: bytes(given.user.id) }, excludeCredentials: given.excludeCredentials.map(named),
    };
}
function named(one) {
    return { ...one, id: bytes(one.id) };
}
/** What the platform answered, as the server takes it. Password managers that stand between often give something without a `toJSON` of use. */
export function answered(credential) {
    try {
        const told = credential.toJSON();
        if (told.response.clientDataJSON)
            return told;
    }
    catch {
        // then by hand
    }
    const { id, rawId, type, authenticatorAttachment, response } = credential;
    const made = response;
    const { attestationObject, authenticatorData, signature, userHandle } = made;
    const texts = Object.entries({ clientDataJSON: made.clientDataJSON, attestationObject, signature, userHandle, authenticatorData })
        .filter(([, value]) => value)
        .map(([name, value]) => [name, text(value)]);
    const transports = made.getTransports?.();
    return {
        id, rawId: text(rawId), type, authenticatorAttachment, clientExtensionResults: credential.getClientExtensionResults(),
        response: { ...Object.fromEntries(texts), ...(transports && { transports }) },
    };
}
function bytes(base64url) {
    return Uint8Array.from(atob(base64url.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
}
function text(buffer) {
    return btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("")).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}
