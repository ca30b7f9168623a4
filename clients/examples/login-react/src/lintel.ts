import { createSession } from "@lintel/client/session";

/** Where Lintel is; empty where the API is on the page's own origin. */
const baseUrl: string = import.meta.env.VITE_LINTEL_URL ?? "";

/** The application this page belongs to; may be left out where the server has a default one. */
export const clientId: string | undefined = import.meta.env.VITE_LINTEL_CLIENT_ID ?? new URLSearchParams(location.search).get("client_id") ?? undefined;

/** The language that was chosen here; without it the browser's counts. */
export const chosenLocale: string | undefined = localStorage.getItem("locale") ?? undefined;

/** Keeps a choice of language for the next visits. */
export function chooseLocale(tag: string): void {
  localStorage.setItem("locale", tag);
  location.reload();
}

/** The one session of this page, in a cookie that no script can read. */
export const session = createSession({ baseUrl, locale: chosenLocale });
