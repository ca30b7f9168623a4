// Authenticators that are not there: Chromium's own, over the DevTools protocol.

/** One that is part of the device, keeps passkeys, and finds out who is there. Nobody touches it until a test says so. */
export const internal = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: false };
/** One on a key ring. */
export const usb = { ...internal, transport: "usb" };
/** A telephone beside the device. */
export const hybrid = { ...internal, transport: "hybrid" };

/** Gives a page authenticators. On a page with a field for passkeys one that somebody touches signs in by itself. */
export async function keyring(page, ...kinds) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable", { enableUI: false });
  const add = async (options) => {
    const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", { options });
    const tell = (method, more) => cdp.send(`WebAuthn.${method}`, { authenticatorId, ...more });
    return {
      /** Whether somebody touches it. */
      touch: (enabled = true) => tell("setAutomaticPresenceSimulation", { enabled }),
      /** Whether it finds out who is there. */
      verify: (isUserVerified) => tell("setUserVerified", { isUserVerified }),
      credentials: async () => (await tell("getCredentials")).credentials,
      put: (credential) => tell("addCredential", { credential }),
      take: (credentialId) => tell("removeCredential", { credentialId }),
      leave: () => tell("removeVirtualAuthenticator"),
    };
  };
  const keys = [];
  for (const kind of kinds) keys.push(await add(kind));
  return { keys, add };
}

/** Lets a page note what the platform is told, as `told` gives it later, and what it is asked last. Each method does what it did besides. */
export const spy = (page) => page.addInitScript(() => {
  const { credentials } = navigator, get = credentials.get.bind(credentials);
  credentials.get = (options) => ((globalThis.waits = options.mediation === "conditional"), get(options));
  globalThis.told = [];
  for (const name of ["signalUnknownCredential", "signalAllAcceptedCredentials", "signalCurrentUserDetails"]) {
    const as = PublicKeyCredential[name]?.bind(PublicKeyCredential);
    PublicKeyCredential[name] = async (options) => (globalThis.told.push([name, options]), as?.(options));
  }
});
/** Waits until a passkey is waited for in a field: one that is touched from then on does not answer that. */
export const waits = (page) => page.waitForFunction(() => globalThis.waits);
export const told = (page, name) => page.evaluate((name) => globalThis.told.filter(([one]) => one === name).map(([, options]) => options), name);
