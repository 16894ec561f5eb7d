import { describe, expect, it } from "vitest";
import { inPlace } from "../../../src/thread/environments.ts";
import { reportedEnvironments } from "../../../src/thread/reported-environments.ts";

const local = { environmentId: "local", cwd: "/" };
const box = { environmentId: "box", cwd: "/" };
const inUsr = { environmentId: "box", cwd: "/usr" };
const other = { environmentId: "other", cwd: "/" };

describe("environments that the server reports", () => {
  it.each<[string, unknown, unknown, unknown]>([
    ["never add the server's own machine", [box], [local, inUsr], [inUsr]],
    ["never replace the known ones with it", [box], [local], [box]],
    ["don't select it for a thread without environments", [], [local, box], []],
    ["keep the known order", [box, local], [local, inUsr], [inUsr, local]],
    ["are followed if they are other ones", [box], [other], [other]],
    ["are followed if there are none", [box], [], []],
    ["become known", undefined, [box], [box]],
    [
      "don't become known if the server's own machine is among them",
      undefined,
      [local, box],
      undefined,
    ],
    ["can be missing", [box], null, [box]],
    ["can be anything", [box], [null, "local", { environmentId: "local" }, 1], [box]],
  ])("%s", (_, known, reported, expected) => {
    expect(reportedEnvironments(known, reported)).toEqual(expected);
  });

  it("are named in a request that sets a directory, if this client has named none", () => {
    const profile = { settings: {}, reportedEnvironments: [box] };
    const sent = { cwd: "/usr", environments: [inUsr] };
    expect(inPlace(profile, "turn/start", { cwd: "/usr" })).toEqual(sent);
    expect(inPlace(profile, "thread/settings/update", { cwd: "/usr" })).toEqual(sent);
    expect(inPlace(profile, "turn/start", { model: "m" })).toEqual({ model: "m" });
    const own = { settings: { environments: [other] }, reportedEnvironments: [box] };
    const environments = [other];
    expect(inPlace(own, "turn/start", {})).toEqual({ environments });
    expect(inPlace(own, "thread/settings/update", { model: "m" })).toEqual({ model: "m" });
  });
});
