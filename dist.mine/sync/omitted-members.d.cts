/** The members of `Codex` that `CodexSync` lacks, and why. `Thread` and `Turn` are mirrored whole. */
export declare const omittedMembers: {
    /** Static. */
    readonly start: "the constructor starts the server";
    /** Static. */
    readonly serve: "the served app-server would end with the worker of the client that started it";
    readonly closed: "nothing could happen while the thread waits for the end: read status instead";
};
//# sourceMappingURL=omitted-members.d.ts.map