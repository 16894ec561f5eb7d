import type { LateAnswer } from "./answers.ts";
import { hollow } from "./hollow.ts";
import { answerTo } from "./methods.ts";
import type { MisbehavingServer } from "./misbehaving-server.ts";

export interface Call {
  readonly id: unknown;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

const BUSY = { code: -32001, message: "Server overloaded; retry later." };
const REFUSED = { code: -32603, message: "as the seed wants" };

/**
 * The maximum number of unread requests; the real server refuses more than this, and loses some if
 * there are many more.
 */
const MAX_WAITING = 128;

/**
 * After this time an answer may be too late: the shortest time limit that seeds set for a request.
 */
const LATE_MS = 50;

/** The same for the handshake, which follows the dialling. */
const LATE_HANDSHAKE_MS = 10;

/** Receives the client's requests, and answers them as the seed decides. */
export class Desk {
  readonly #server: MisbehavingServer;
  #waiting = 0;

  constructor(server: MisbehavingServer) {
    this.#server = server;
  }

  serve(call: Call): void {
    const server = this.#server;
    const { traffic } = server;
    // A cut before the request is read: it is never executed.
    if (server.cutsAt(call.method) && server.random.chance(0.5)) return;
    if (this.#waiting >= MAX_WAITING || server.roll("overloads")) {
      traffic.overloaded(call.method, call.params, server.clientRetries);
      this.#send(call, { error: BUSY }, () => traffic.toldBusy(call.method, call.params));
      return;
    }
    if (server.roll("refuses")) {
      traffic.refused++;
      traffic.unanswered(call.method);
      this.#send(call, { error: REFUSED });
      return;
    }
    // It is answered when its command has ended, however long that takes, so the client never gives
    // it up.
    const isWork = call.method === "command/exec";
    if (!isWork && server.roll("silent")) {
      traffic.unanswered(call.method);
      return;
    }
    this.#waiting++;
    server.clock.after(0, () => {
      this.#waiting--;
    });
    const answer = answerTo(server, call);
    if (!isWork && server.roll("forgetsToAnswer")) {
      traffic.unanswered(call.method);
      if (call.method === "thread/unsubscribe") traffic.leftSilently.add(call.params.threadId);
      server.clock.after(0, () => answer.afterwards?.());
      return;
    }
    this.#answerLater(call, answer);
  }

  #answerLater(call: Call, answer: LateAnswer): void {
    const server = this.#server;
    const { line, random, traffic } = server;
    const delay = (answer.afterMs ?? 0) + (server.roll("reorders") ? random.between(0, 200) : 0);
    const isHandshake = call.method === "initialize";
    const lateMs = isHandshake ? LATE_HANDSHAKE_MS : LATE_MS;
    if (delay >= lateMs && answer.afterMs === undefined) traffic.unanswered(call.method);
    const times = server.roll("twice") ? 2 : 1;
    server.clock.after(delay, () => {
      // If the connection has ended, the answer is lost; the work continues.
      const isThere = server.line === line;
      for (let time = isThere ? 0 : times; time < times; time++) {
        this.#send(call, answer.body(), answer.delivered);
      }
      answer.afterwards?.();
    });
  }

  #send(call: Call, body: object, delivered?: () => void): void {
    const server = this.#server;
    let sent: object = body;
    if ("result" in body) {
      server.traffic.answered(call.method);
      if (call.method !== "command/exec" && server.roll("hollowResults")) {
        server.traffic.hollow++;
        server.traffic.unanswered(call.method);
        sent = hollow(body, server.random);
      }
      if (server.roll("nullErrors")) sent = { ...sent, error: null };
    }
    server.send({ id: call.id, ...sent }, delivered);
  }
}
