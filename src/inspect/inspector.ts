import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import type { Codex } from "../client/codex.ts";
import { readLines } from "../trace/read-trace.ts";
import { messageOf } from "../util/describe.ts";
import { version } from "../version.ts";
import { createHandler, type NodeHandler, toNodeHandler } from "../web/index.ts";
import { Access, isOwn } from "./access.ts";
import { FleetApi } from "./fleet-api.ts";
import { type PageFile, pageFiles } from "./page-files.ts";
import { memberOf, sendJson, sendText, setHeaders } from "./send.ts";
import type { LiveSource, Source, SourceInfo, TraceSource } from "./source.ts";
import { threadSettings } from "./thread-settings.ts";
import { TrafficStreams } from "./traffic-stream.ts";

export interface InspectorOptions {
  readonly source: Source;
  /** The port on 127.0.0.1; 0 selects a free one. */
  readonly port: number;
  /** Whether the process stays alive until the inspector is closed. */
  readonly keepAlive: boolean;
}

/** More than browsers use. Every user of the machine can connect, and must not exhaust this process's file descriptors. */
const MAX_CONNECTIONS = 200;

/** The path of the handler, below the base. */
const API = "api";

const UNKNOWN = "Open the link that the inspector printed. Each link can be opened once.";

/** Serves the page that shows a client, a trace or a fleet, on this machine only. */
export class Inspector implements AsyncDisposable {
  readonly #source: Source;
  readonly #access = new Access();
  readonly #files: ReadonlyMap<string, PageFile> = pageFiles();
  readonly #server: Server;
  readonly #streams: TrafficStreams | undefined;
  readonly #handler: NodeHandler | undefined;
  readonly #fleet: FleetApi | undefined;
  #host = "";

  private constructor({ source }: InspectorOptions) {
    this.#source = source;
    this.#streams = source.kind === "live" ? new TrafficStreams(source.log) : undefined;
    this.#handler = source.kind === "live" ? this.#handlerOf(source.codex) : undefined;
    this.#fleet = source.kind === "fleet" ? new FleetApi(source.fleet) : undefined;
    this.#server = createServer((request, response) => {
      this.#respond(request, response).catch((error) => {
        if (response.headersSent) response.destroy();
        else sendText(response, 500, messageOf(error));
      });
    });
  }

  /** @throws Error if the port is in use, or the page's files don't exist. */
  static async start(options: InspectorOptions): Promise<Inspector> {
    const inspector = new Inspector(options);
    const server = inspector.#server;
    server.maxConnections = MAX_CONNECTIONS;
    await once(server.listen(options.port, "127.0.0.1"), "listening");
    if (!options.keepAlive) {
      server.unref();
      server.on("connection", (socket) => socket.unref());
    }
    inspector.#host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    return inspector;
  }

  /** A new link to the page, which can be opened once. */
  newLink(): string {
    return `http://${this.#host}${this.#access.base}#${this.#access.newToken()}`;
  }

  async close(): Promise<void> {
    this.#streams?.[Symbol.dispose]();
    this.#fleet?.[Symbol.dispose]();
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    setHeaders(response);
    if (!isOwn(request, this.#host)) return sendText(response, 403, "Forbidden");
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const { base } = this.#access;
    if (!pathname.startsWith(base)) return sendText(response, 404, UNKNOWN);
    const route = `${request.method} ${pathname.slice(base.length) || "index.html"}`;
    const file = route.startsWith("GET ") ? this.#files.get(route.slice(4)) : undefined;
    if (file) {
      response.setHeader("content-type", file.type);
      response.end(file.content);
    } else if (route === "POST login") {
      await this.#logIn(request, response);
    } else if (!this.#access.admits(request)) {
      sendText(response, 401, UNKNOWN);
    } else if (pathname.startsWith(`${base}${API}/`) && this.#handler) {
      this.#handler(request, response);
    } else if (pathname.startsWith(`${base}${API}/`) && this.#fleet) {
      const path = (request.url ?? "").slice(`${base}${API}`.length);
      await this.#fleet.respond(path, request, response);
    } else {
      this.#serve(route, request, response);
    }
  }

  async #logIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const cookie = this.#access.redeem(await memberOf(request, "token"));
    if (cookie === undefined) return sendText(response, 401, UNKNOWN);
    response.setHeader("set-cookie", cookie);
    sendJson(response, {});
  }

  #serve(route: string, request: IncomingMessage, response: ServerResponse): void {
    if (route === "GET info") sendJson(response, this.#info());
    else if (route === "POST link") sendJson(response, { link: this.newLink() });
    else if (route === "GET trace" && this.#source.kind !== "fleet")
      this.#sendTrace(this.#source, response);
    else if (route === "GET events" && this.#streams) this.#streams.open(request, response);
    else sendText(response, 404, "There is nothing here");
  }

  #handlerOf(codex: Codex): NodeHandler {
    const handler = createHandler(codex, {
      // Requests of anyone but the inspector's user have already been refused.
      authorize: () => true,
      requestsWithoutThread: true,
      lastingAnswers: true,
      threadOptions: (_request, asked) => threadSettings(asked),
      basePath: `${this.#access.base}${API}`,
      limits: { requestsPerMinute: 10_000 },
    });
    return toNodeHandler(handler);
  }

  #info(): SourceInfo {
    const source = this.#source;
    return { kind: source.kind, name: nameOf(source), version };
  }

  /** Sends the whole trace, with the header of its last file. */
  #sendTrace(source: LiveSource | TraceSource, response: ServerResponse): void {
    response.setHeader("content-type", "application/jsonl; charset=utf-8");
    if (source.kind === "live") {
      response.write(`${source.log.header ?? ""}\n`);
      for (const { line } of source.log.from(0)) response.write(`${line}\n`);
    } else {
      const { header, isCut, lines } = readLines(source.file);
      response.setHeader("x-trace-is-cut", String(isCut));
      response.write(`${JSON.stringify(header)}\n`);
      for (const line of lines) response.write(`${line}\n`);
    }
    response.end();
  }
}

function nameOf(source: Source): string {
  if (source.kind === "trace") return path.basename(source.file);
  return source.kind === "fleet" ? source.name : "";
}
