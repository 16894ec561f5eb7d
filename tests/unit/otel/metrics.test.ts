import type { Attributes, MeterProvider } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { Metrics } from "../../../src/otel/metrics.ts";

test("a metric has a limited number of series, for any names of tools, models and errors", () => {
  const recorded: Attributes[] = [];
  const record = (_value: number, attributes: Attributes) => void recorded.push(attributes);
  const provider = { getMeter: () => ({ createHistogram: () => ({ record }) }) };
  const metrics = new Metrics(provider as unknown as MeterProvider);
  for (let n = 0; n < 5_000; n++) metrics.tool(1, { "gen_ai.tool.name": `tool${n}` });
  metrics.tool(1, { "gen_ai.tool.name": "x".repeat(1_000_000) });
  metrics.tool(1, { "gen_ai.tool.name": "tool0" });
  const names = new Set(recorded.map((one) => one["gen_ai.tool.name"]));
  expect(names.size).toBe(201);
  expect(names).toContain("_OTHER");
  expect(recorded.at(-2)).toEqual({ "gen_ai.tool.name": "_OTHER" });
  expect(recorded.at(-1)).toEqual({ "gen_ai.tool.name": "tool0" });
  for (let n = 0; n < 5_000; n++) metrics.turn(1, { "gen_ai.request.model": `m${n}` }, undefined);
  expect(recorded.at(-1)).toEqual({ "gen_ai.request.model": "_OTHER" });
});
