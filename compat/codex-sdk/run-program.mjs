// Runs one program with one SDK, and prints what it has observed. It exits on its own: nothing here
// stops a server that the SDK has started.
import { writeFileSync } from "node:fs";
import { programs } from "./programs/index.mjs";
import { sdks } from "./support/sdks.mjs";
import { Stage } from "./support/stage.mjs";

const [who, index, output] = process.argv.slice(2);
const program = programs[Number(index)];
const stage = await Stage.start(await sdks[who](), program);
try {
  await program.run(stage);
  writeFileSync(output, JSON.stringify(stage.report));
} finally {
  await stage.close();
}
