// Submits a turn to a fleet, reports its id, and exits.
import { Fleet } from "codex-app-server/fleet";

const [options, input, runOptions] = process.argv.slice(2);
const fleet = new Fleet(JSON.parse(options));
const turn = await fleet.run(input, JSON.parse(runOptions));
process.stdout.write(turn.id);
await fleet.close();
