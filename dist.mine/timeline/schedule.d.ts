/** Runs the function soon, and not at once. */
export type Schedule = (run: () => void) => unknown;
/** At the end of the event loop's turn. */
export declare const soon: Schedule;
//# sourceMappingURL=schedule.d.ts.map