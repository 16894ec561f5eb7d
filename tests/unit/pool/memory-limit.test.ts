import { describe, expect, test } from "vitest";
import { MemoryLimit } from "../../../src/pool/memory-limit.ts";
import type { Tenant } from "../../../src/pool/tenant.ts";

const MB = 2 ** 20;

/** A tenant whose server is this process, which can be measured, or a process that isn't known yet. */
function tenant(pid?: number): Tenant {
  return { pid } as Tenant;
}

describe("a limit of memory", () => {
  test("counts a server that has not been measured as 100 MB, and always has room for one", () => {
    const limit = new MemoryLimit(250 * MB);
    const servers = new Set<Tenant>();
    const rooms = [0, 1, 2].map(() => {
      const room = limit.hasRoom(servers);
      servers.add(tenant());
      return room;
    });
    expect(rooms).toEqual([true, true, false]);
    expect(limit.total(servers)).toBe(300 * MB);
    expect(limit.excess(servers)).toBe(50 * MB);
    expect(new MemoryLimit(1).hasRoom(new Set())).toBe(true);
  });

  test("counts what was measured, and expects the same of the next server", async () => {
    const limit = new MemoryLimit(10_000 * MB);
    const servers = [tenant(process.pid), tenant()];
    await new Promise<void>((resolve) => limit.update(servers, resolve));
    const measured = limit.of(tenant(process.pid)) ?? 0;
    expect(measured).toBeGreaterThan(20 * MB);
    expect(limit.total(servers)).toBe(2 * measured);
  });

  test("that isn't set measures nothing", () => {
    const limit = new MemoryLimit(undefined);
    limit.update([tenant(process.pid)], () => expect.unreachable());
    expect(limit.total([tenant()])).toBeUndefined();
    expect(limit.hasRoom(new Set([tenant()]))).toBe(true);
    expect(limit.excess([tenant()])).toBe(0);
  });
});
