// Shows the queue of a fleet in Bull Board, read-only.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { ExpressAdapter } from "@bull-board/express";
import { Queue } from "bullmq";
import express from "express";
import { Redis } from "ioredis";

const redis = new Redis(process.env.REDIS_URL ?? "redis://127.0.0.1:6379", {
  maxRetriesPerRequest: null,
});
/** The fleet's name, and the prefix that all fleets use. */
const queue = new Queue(process.env.FLEET ?? "fleet", { connection: redis, prefix: "{codex}" });

const serverAdapter = new ExpressAdapter();
serverAdapter.setBasePath("/queues");
createBullBoard({
  // A retried or removed job confuses the turns that wait for it.
  queues: [new BullMQAdapter(queue, { readOnlyMode: true })],
  serverAdapter,
});

// Job data can contain what users have written: don't let others in.
const server = express()
  // The name of another site can resolve to this machine.
  .use(({ hostname }, response, next) => {
    if (hostname === "127.0.0.1") next();
    else response.status(403).end();
  })
  .use("/queues", serverAdapter.getRouter())
  .listen(Number(process.env.PORT ?? 3000), "127.0.0.1");
await once(server, "listening");
console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/queues`);
