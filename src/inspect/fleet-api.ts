import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { ThreadPage } from "../bridge/messages.ts";
import { type Route, routeOf } from "../bridge/routes.ts";
import { CodexError } from "../errors/errors.ts";
import type { Fleet, FleetStatus, FleetThread, FleetTurn } from "../fleet/index.ts";
import type { PendingRequestData } from "../requests/pending-request-data.ts";
import { messageOf } from "../util/describe.ts";
import { Streams } from "../web/streams.ts";
import { FleetFeed, pageId } from "./fleet-feed.ts";
import { bodyOf, sendJson, sendText } from "./send.ts";

/** What the page shows of the fleet as a whole. */
export interface FleetOverview {
  readonly status: FleetStatus;
  /** The pending requests. Their threads have the same names as in the list of threads. */
  readonly requests: readonly PendingRequestData[];
}

const PAGE = 100;
/** How many threads are searched, most recently used first. */
const MAX_SEARCHED = 1_000;
const MAX_STREAMS = 100;

/** Answers the page's requests about a fleet, in the same form as the handler for a client's threads. */
export class FleetApi implements Disposable {
  readonly #fleet: Fleet;
  readonly #streams = new Streams({ streams: MAX_STREAMS, streamsPerClient: MAX_STREAMS });

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  [Symbol.dispose](): void {
    this.#streams.close();
  }

  /** `path` is the rest of the request's path, after the path of the interface. */
  async respond(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(path, "http://localhost");
    try {
      if (pathname === "/fleet") return sendJson(response, await this.#overview());
      const route = routeOf(pathname, "");
      if (route?.kind === "threadEvents") return this.#stream(route.threadId, response);
      const answer = route && (await this.#answer(route, searchParams, request));
      if (answer) sendJson(response, answer);
      else sendText(response, 404, "There is nothing here");
    } catch (error) {
      const code = error instanceof CodexError ? error.code : "CODEX_ERROR";
      response.statusCode = 409;
      sendJson(response, { error: { code, message: messageOf(error) } });
    }
  }

  async #answer(
    route: Route,
    query: URLSearchParams,
    request: IncomingMessage,
  ): Promise<object | undefined> {
    const isPost = request.method === "POST";
    switch (route.kind) {
      case "threads":
        return isPost ? undefined : this.#threads(query);
      case "turns":
        return isPost
          ? this.#submit(this.#thread(route.threadId), await bodyOf(request))
          : undefined;
      case "interrupt":
        return isPost ? this.#interrupt(this.#thread(route.threadId)) : undefined;
      case "requests":
        return isPost ? undefined : { requests: (await this.#overview()).requests };
      case "request": {
        if (!isPost) return undefined;
        const { optionId, content } = await bodyOf(request);
        await this.#fleet.requests.answer(route.requestId, String(optionId), content);
        return {};
      }
      default:
        return undefined;
    }
  }

  async #overview(): Promise<FleetOverview> {
    const [status, requests] = await Promise.all([
      this.#fleet.status(),
      this.#fleet.requests.list(),
    ]);
    return {
      status,
      requests: requests.map((request) => ({ ...request, threadId: pageId(request) })),
    };
  }

  async #threads(query: URLSearchParams): Promise<ThreadPage> {
    const search = query.get("search")?.toLowerCase() ?? "";
    const offset = Number(query.get("cursor") ?? 0) || 0;
    const limit = search === "" ? PAGE : MAX_SEARCHED;
    const found = await this.#fleet.threads({ limit, offset });
    const wanted = found.filter((one) => pageId(one).toLowerCase().includes(search));
    return {
      threads: wanted.map((one) => ({
        id: pageId(one),
        name: one.tenant === "default" ? one.thread : pageId(one),
        ...{ preview: "", model: null, cwd: null, createdAt: null },
        status: one.running === null ? "idle" : "active",
        updatedAt: one.submittedAt,
      })),
      cursor: search === "" && found.length === limit ? String(offset + limit) : null,
    };
  }

  async #submit(thread: FleetThread, body: Readonly<Record<string, unknown>>): Promise<object> {
    const input = String(body.input);
    const running = body.ifRunning === "steer" ? await unended(thread, "running") : undefined;
    if (running) await running.steer(input);
    const turn = running ?? (await thread.run(input));
    return { turnId: turn.id, steered: running !== undefined };
  }

  async #interrupt(thread: FleetThread): Promise<object> {
    const turn = (await unended(thread, "running")) ?? (await unended(thread, "queued"));
    await turn?.interrupt();
    return { turnId: turn?.id ?? null };
  }

  #stream(id: string, response: ServerResponse): void {
    this.#streams.admit("");
    const feed = new FleetFeed(this.#fleet, this.#thread(id));
    const left = new AbortController();
    response.once("close", () => left.abort());
    response.setHeader("content-type", "text/event-stream");
    response.writeHead(200);
    const body = this.#streams.open({
      ...{ client: "", signal: left.signal, log: feed.log, after: undefined },
      mayContinue: async () => true,
      onEnd: () => feed[Symbol.dispose](),
    });
    Readable.fromWeb(body as never)
      .on("error", () => response.destroy())
      .pipe(response);
  }

  #thread(id: string): FleetThread {
    const slash = id.indexOf("/");
    return this.#fleet.thread(id.slice(slash + 1), { tenant: id.slice(0, slash) });
  }
}

/** The thread's running turn, or the first queued one. */
async function unended(
  thread: FleetThread,
  wanted: "running" | "queued",
): Promise<FleetTurn | undefined> {
  for (const turn of await thread.turns()) {
    if ((await turn.phase().catch(() => "ended")) === wanted) return turn;
  }
  return undefined;
}
