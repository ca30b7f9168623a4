import type { PasskeyAuthentication, PasskeyCreationOptions, PasskeyRegistration, PasskeyRequestOptions } from "../generated/frontend.js";

/** What browsers have of WebAuthn's newest level, as far as it is asked for here: each is missing somewhere. */
export interface Platform {
  new (): PublicKeyCredential;
  isConditionalMediationAvailable?(): Promise<boolean>;
  getClientCapabilities?(): Promise<{ readonly [capability: string]: boolean | undefined }>;
  parseRequestOptionsFromJSON?(options: unknown): PublicKeyCredentialRequestOptions;
  parseCreationOptionsFromJSON?(options: unknown): PublicKeyCredentialCreationOptions;
  signalUnknownCredential?(options: object): Promise<void>;
  signalAllAcceptedCredentials?(options: object): Promise<void>;
  signalCurrentUserDetails?(options: object): Promise<void>;
}

/** The browser's part; undefined where it has no passkeys, and on pages that are not safe. */
export function platform(): Platform | undefined {
  const { PublicKeyCredential: found } = globalThis as { PublicKeyCredential?: unknown };
  return typeof found === "function" && globalThis.navigator?.credentials ? (found as Platform) : undefined;
}

type Named = { readonly id: string };

/** What the server says, as the platform takes it. */
export function requestOptions(given: PasskeyRequestOptions): PublicKeyCredentialRequestOptions {
  const parsed = platform()?.parseRequestOptionsFromJSON?.(given);
  return parsed ?? ({ ...given, challenge: bytes(given.challenge), allowCredentials: given.allowCredentials.map(named) } as unknown as PublicKeyCredentialRequestOptions);
}

/** The same for one that is to be made. */
export function creationOptions(given: PasskeyCreationOptions): PublicKeyCredentialCreationOptions {
  const parsed = platform()?.parseCreationOptionsFromJSON?.(given);
  return parsed ?? ({
    ...given, challenge: bytes(given.challenge), user: { ...given.user, id: bytes(given.user.id) }, excludeCredentials: given.excludeCredentials.map(named),
  } as unknown as PublicKeyCredentialCreationOptions);
}

function named<T extends Named>(one: T) {
  return { ...one, id: bytes(one.id) };
}

/** What the platform answered, as the server takes it. Password managers that stand between often give something without a `toJSON` of use. */
export function answered<T extends PasskeyAuthentication | PasskeyRegistration>(credential: PublicKeyCredential): T {
  try {
    const told = credential.toJSON() as unknown as T;
    if (told.response.clientDataJSON) return told;
  } catch {
    // then by hand
  }
  const { id, rawId, type, authenticatorAttachment, response } = credential;
  const made = response as Partial<AuthenticatorAttestationResponse & AuthenticatorAssertionResponse> & AuthenticatorResponse;
  const { attestationObject, authenticatorData, signature, userHandle } = made;
  const texts = Object.entries({ clientDataJSON: made.clientDataJSON, attestationObject, signature, userHandle, authenticatorData })
    .filter(([, value]) => value)
    .map(([name, value]) => [name, text(value as ArrayBuffer)]);
  const transports = made.getTransports?.();
  return {
    id, rawId: text(rawId), type, authenticatorAttachment, clientExtensionResults: credential.getClientExtensionResults(),
    response: { ...Object.fromEntries(texts), ...(transports && { transports }) },
  } as unknown as T;
}

function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64url.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
}

function text(buffer: ArrayBuffer): string {
  return btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("")).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}
