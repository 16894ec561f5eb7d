// An app-server on stdio that completes the handshake, and answers any other request with endless
// notifications.
import { createInterface } from "node:readline";

const params = { list: Array.from({ length: 200 }, (_, index) => ({ index })) };
const line = `${JSON.stringify({ method: "flood/more", params })}\n`;

function flood() {
  while (process.stdout.write(line));
  process.stdout.once("drain", flood);
}

process.stdout.on("error", () => process.exit(0));
createInterface({ input: process.stdin })
  .on("line", (text) => {
    const { id, method } = JSON.parse(text);
    if (method === "initialize") {
      console.log(JSON.stringify({ id, result: { userAgent: "fake/1.2.3 (stdio)" } }));
    } else if (id !== undefined) flood();
  })
  .on("close", () => process.exit(0));
