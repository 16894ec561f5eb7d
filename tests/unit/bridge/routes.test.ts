import { describe, expect, it } from "vitest";
import { pathOf, type Route, routeOf } from "../../../src/bridge/routes.ts";

const routes: Route[] = [
  { kind: "threads" },
  { kind: "thread", threadId: "a/b c%" },
  { kind: "threadEvents", threadId: "t" },
  { kind: "turns", threadId: "t" },
  { kind: "steer", threadId: "t" },
  { kind: "interrupt", threadId: "t" },
  { kind: "requests" },
  { kind: "request", requestId: "r" },
  { kind: "events" },
];

describe("a route", () => {
  it.each(routes)("$kind is found at the end of any path, and below its base", (route) => {
    for (const base of ["", "/api/codex", "/a/b/c/d"]) {
      expect(routeOf(base + pathOf(route))).toEqual(route);
      expect(routeOf(base + pathOf(route), base)).toEqual(route);
    }
    expect(routeOf(`/other${pathOf(route)}`, "/api/codex")).toBeUndefined();
  });

  it("is nothing else", () => {
    const paths = [
      ...["", "/", "threads", "/thread", "/threads/t/elsewhere", "/requests/r/more"],
      ...["/threads/%E0%A4%A", "/threads/t/events/more", "/threadsx", "/%74hreads"],
    ];
    for (const path of paths) expect(routeOf(path, ""), path).toBeUndefined();
    expect(routeOf("/".repeat(1_000_000))).toBeUndefined();
  });
});
