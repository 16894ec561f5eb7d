// Only the SDK on a flood, for `node --cpu-prof` and for contenders that can't share its process.
import { sdkFlood } from "../support/sdk-flood.mjs";

const { flood, consumer } = JSON.parse(process.argv[2]);
const sdk = await sdkFlood();
await sdk.runTurns(JSON.stringify({ ...flood, deltas: 20_000 }), consumer);
const before = process.cpuUsage();
await sdk.runTurns(JSON.stringify(flood), consumer);
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ cpuUs: (user + system) / flood.deltas }));
await sdk.close();
