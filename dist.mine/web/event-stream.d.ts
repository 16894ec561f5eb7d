/** How a stream is sent over HTTP. */
export interface EventStreamOptions {
    /** Headers to add to the response, or to replace its own. */
    readonly headers?: ConstructorParameters<typeof Headers>[0] | undefined;
    /**
     * How often a comment is sent while there is nothing else to send, so that proxies keep the
     * connection open. In milliseconds; 0 is never. Default 15,000.
     */
    readonly keepAliveMs?: number | undefined;
}
/** What a format adds to server-sent events. */
interface EventFormat {
    readonly headers?: Readonly<Record<string, string>>;
    /** Sent after the last event. */
    readonly last?: string;
}
/** A response that sends each value as one server-sent event, in JSON. */
export declare function eventStreamResponse(values: ReadableStream<unknown>, { headers, keepAliveMs }: EventStreamOptions, format?: EventFormat): Response;
export {};
//# sourceMappingURL=event-stream.d.ts.map