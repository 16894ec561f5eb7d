import { client } from "./client.mjs";
import { connections } from "./connections.mjs";
import { requests } from "./requests.mjs";
import { threads } from "./threads.mjs";
import { turns } from "./turns.mjs";

/**
 * What is run on each version.
 *
 * @typedef {object} Behaviour
 * @property {string} what
 * @property {(stage: Stage) => Promise<void>} run Throws if the behaviour is missing.
 * @property {Record<string, Fact>} [lacks] By version: why its server can't do this; `run` is then skipped.
 * @property {Record<string, Fact>} [notes] By version: facts worth knowing even though it works.
 *
 * @typedef {object} Fact
 * @property {string} says The text of the footnote.
 * @property {(stage: Stage) => Promise<void>} shown Throws if the fact isn't true.
 *
 * @typedef {import("../support/stage.mjs").Stage} Stage
 *
 * @type {{ title: string, behaviours: Behaviour[] }[]}
 */
export const chapters = [
  { title: "client", behaviours: client },
  { title: "turns", behaviours: turns },
  { title: "requests of the server", behaviours: requests },
  { title: "threads", behaviours: threads },
  { title: "connections", behaviours: connections },
];
