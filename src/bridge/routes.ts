/** What a request to the handler refers to. */
export type Route =
  | { readonly kind: "threads" }
  | { readonly kind: "thread"; readonly threadId: string }
  | { readonly kind: "threadEvents"; readonly threadId: string }
  | { readonly kind: "turns"; readonly threadId: string }
  | { readonly kind: "steer"; readonly threadId: string }
  | { readonly kind: "interrupt"; readonly threadId: string }
  | { readonly kind: "requests" }
  | { readonly kind: "request"; readonly requestId: string }
  | { readonly kind: "events" };

const OF_THREAD = {
  events: "threadEvents",
  turns: "turns",
  steer: "steer",
  interrupt: "interrupt",
} as const;

const PATH =
  /^\/(?:(threads)(?:\/([^/]+)(?:\/(events|turns|steer|interrupt))?)?|(requests)(?:\/([^/]+))?|(events))\/?$/;

/** The maximum number of parts in a route's path, plus one for a trailing slash. */
const MAX_PARTS = 4;

/** The path of a route below the handler's base. */
export function pathOf(route: Route): string {
  switch (route.kind) {
    case "threads":
    case "requests":
    case "events":
      return `/${route.kind}`;
    case "thread":
      return `/threads/${encodeURIComponent(route.threadId)}`;
    case "request":
      return `/requests/${encodeURIComponent(route.requestId)}`;
    case "threadEvents":
      return `/threads/${encodeURIComponent(route.threadId)}/events`;
    default:
      return `/threads/${encodeURIComponent(route.threadId)}/${route.kind}`;
  }
}

/** Whether the route's id can be part of a path: URLs drop "." and "..", even if they are encoded. */
export function hasPath(route: Route): boolean {
  const id = "threadId" in route ? route.threadId : "requestId" in route ? route.requestId : "-";
  return !/^\.{0,2}$/.test(id);
}

/** The route of a path; without a base, the longest suffix of the path that is a route. */
export function routeOf(path: string, base?: string): Route | undefined {
  if (base !== undefined) return path.startsWith(base) ? parse(path.slice(base.length)) : undefined;
  let start = path.length;
  const starts: number[] = [];
  while (starts.length < MAX_PARTS && start > 0) {
    start = path.lastIndexOf("/", start - 1);
    if (start === -1) break;
    starts.unshift(start);
  }
  for (const from of starts) {
    const route = parse(path.slice(from));
    if (route) return route;
  }
  return undefined;
}

function parse(path: string): Route | undefined {
  const [, threads, threadId, ofThread, requests, requestId, events] = PATH.exec(path) ?? [];
  if (threads !== undefined && threadId !== undefined) {
    const id = decoded(threadId);
    if (id === undefined) return undefined;
    const kind = ofThread && OF_THREAD[ofThread as keyof typeof OF_THREAD];
    return { kind: kind || "thread", threadId: id };
  }
  if (threads !== undefined) return { kind: "threads" };
  if (requests !== undefined && requestId !== undefined) {
    const id = decoded(requestId);
    return id === undefined ? undefined : { kind: "request", requestId: id };
  }
  if (requests !== undefined) return { kind: "requests" };
  return events === undefined ? undefined : { kind: "events" };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
