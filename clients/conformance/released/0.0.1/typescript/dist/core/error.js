/** Whatever goes wrong is one of these. */
export class LintelError extends Error {
    name = "LintelError";
    /** The stable name of what went wrong. Servers may know others than this client. */
    code;
    /** The HTTP status; 0 where nothing came back. */
    status;
    /** What the server said, in full. */
    problem;
    /** Seconds after which another try makes sense. */
    retryAfter;
    constructor(code, status, message, more = {}) {
        super(message, more);
        this.code = code;
        this.status = status;
        this.problem = more.problem;
        this.retryAfter = more.retryAfter;
    }
    /** What is wrong with one place of the input, by its JSON Pointer: `field("/password")`. */
    field(pointer) {
        return this.problem?.errors?.find((one) => one.pointer === pointer);
    }
}
