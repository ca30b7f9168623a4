/** What Vite puts in when the page is built. */
interface ImportMeta {
  readonly env: {
    readonly VITE_LINTEL_URL?: string;
    readonly VITE_LINTEL_CLIENT_ID?: string;
  };
}
