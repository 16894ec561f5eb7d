// An app-server that answers requests, and at the first one behaves as its argument says.
import { createInterface } from "node:readline";

const [manner] = process.argv.slice(2);
const write = (text) => process.stdout.write(text);
const send = (message) => write(`${JSON.stringify(message)}\n`);

const manners = {
  "no json": () => write("Warning: this is no JSON\n"),
  "no message": () => write('[1,2,3]\n"text"\n'),
  "an answer to nobody": () => send({ id: 4711, result: {} }),
  "an unknown request": () => send({ id: "odd", method: "brand/newRequest", params: {} }),
  "an unknown notification": () => send({ method: "brand/new", params: { threadId: "nobody's" } }),
  "news of an unknown thread": () =>
    send({
      method: "turn/completed",
      params: { threadId: "nobody's", turn: { id: "none", status: "completed", items: [] } },
    }),
  "a flood": () => write("no JSON\n".repeat(100_000)),
  "half a line": () => {
    process.stdout.write('{"id":2,"res', () => process.exit(3));
    return "dies";
  },
};

let shown = false;
createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, result, error } = JSON.parse(line);
  if (method === "initialize") return send({ id, result: { userAgent: "odd/1.0.0" } });
  if (method === undefined) return send({ method: "odd/answered", params: { id, result, error } });
  if (id === undefined) return undefined;
  const odd = !shown && manners[manner]?.();
  if (odd === "dies") return undefined;
  const times = !shown && manner === "an answer twice" ? 2 : 1;
  shown = true;
  for (let time = 0; time < times; time++) send({ id, result: { data: [], nextCursor: null } });
  return undefined;
});
