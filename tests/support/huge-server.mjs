// An app-server on stdio for huge messages. It answers each request with the length of its line;
// asked for "huge/answer", it writes a line of 600 MiB.
const MIB = 2 ** 20;
const HEAD = 200;

const answers = {
  initialize: (id) => ({ id, result: { userAgent: "huge/1.0.0 (stdio)" } }),
};

let length = 0;
let head = "";

function writeHuge(left = 600) {
  if (left === 0) return void process.stdout.write("\n");
  process.stdout.write("x".repeat(MIB), () => writeHuge(left - 1));
}

function ended() {
  const id = /"id":(\d+)/.exec(head)?.[1];
  const method = /"method":"([^"]*)"/.exec(head)?.[1];
  if (method === "huge/answer") writeHuge();
  else if (id !== undefined) {
    const answer = answers[method]?.(Number(id)) ?? { id: Number(id), result: { length } };
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  length = 0;
  head = "";
}

process.stdout.on("error", () => process.exit(0));
process.stdin.on("data", (chunk) => {
  for (let at = 0; at < chunk.length; ) {
    const found = chunk.indexOf(10, at);
    const end = found === -1 ? chunk.length : found;
    if (head.length < HEAD) head += chunk.toString("latin1", at, Math.min(end, at + HEAD));
    length += end - at;
    if (found !== -1) ended();
    at = end + 1;
  }
});
process.stdin.on("end", () => process.exit(0));
