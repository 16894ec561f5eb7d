/** What the route below serves. Next.js gives each route its own copy of a module, so it is global. */
globalThis.servedBySuite ??= {};
export const served = globalThis.servedBySuite;

/** A route handler of Next.js, for any path below it. */
const handle = (request) => served.handler(request);

export { handle as GET, handle as POST };
