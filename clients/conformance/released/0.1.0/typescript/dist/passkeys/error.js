/** Whatever goes wrong with a passkey before the server is asked is one of these. */
export class PasskeyError extends Error {
    name = "PasskeyError";
    /** The stable name of what went wrong. */
    code;
    constructor(code, cause) {
        super(`lintel: passkey ${code}`, { cause });
        this.code = code;
    }
}
