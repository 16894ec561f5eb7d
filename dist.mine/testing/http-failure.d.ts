/** A reply with an HTTP status and a body instead of a stream. */
export declare class HttpFailure {
    readonly status: number;
    /** Sent as JSON; a string is sent unchanged. */
    readonly body: unknown;
    readonly headers: Readonly<Record<string, string>>;
    constructor(status: number, body: unknown, headers: Readonly<Record<string, string>>);
}
//# sourceMappingURL=http-failure.d.ts.map