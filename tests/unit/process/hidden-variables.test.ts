import { expect, it } from "vitest";
import { hidingOverrides, withHiddenVariables } from "../../../src/process/hidden-variables.ts";

const POLICY = "shell_environment_policy";

function sent(config: unknown): unknown {
  const text = JSON.stringify({ id: 1, method: "thread/start", params: { cwd: "/", config } });
  const { params, ...rest } = JSON.parse(withHiddenVariables(text, ["A", "B"]));
  expect(rest).toEqual({ id: 1, method: "thread/start" });
  expect(params.cwd).toBe("/");
  return params.config;
}

it.each([
  [{ [POLICY]: { inherit: "all" } }, { [POLICY]: { inherit: "all", set: { A: "", B: "" } } }],
  [{ [POLICY]: { set: { A: "a" } } }, { [POLICY]: { set: { A: "a", B: "" } } }],
  [{ [POLICY]: null }, { [POLICY]: { set: { A: "", B: "" } } }],
  [{ [`${POLICY}.set`]: { C: "c" } }, { [`${POLICY}.set`]: { A: "", B: "", C: "c" } }],
])("variables stay hidden if a thread's config replaces the policy: %j", (config, expected) => {
  expect(sent(config)).toEqual(expected);
});

it.each([
  { [`${POLICY}.set.C`]: "c" },
  { [`${POLICY}.inherit`]: "all" },
  { [POLICY]: "no table" },
  { [`${POLICY}.set`]: 1 },
  { model: POLICY },
  POLICY,
])("a config that doesn't replace the policy is sent as it is: %j", (config) => {
  expect(sent(config)).toEqual(config);
});

it("a request isn't parsed if there is nothing to hide", () => {
  const text = `{"${POLICY}":`;
  expect(withHiddenVariables(text, [])).toBe(text);
  expect(withHiddenVariables("{", ["A"])).toBe("{");
});

it("settings on the command line hide what raw settings would show, except what these name", () => {
  expect(hidingOverrides([`${POLICY}={}`], ["A", "B"])).toEqual([
    `${POLICY}.set.A=""`,
    `${POLICY}.set.B=""`,
  ]);
  expect(hidingOverrides([`${POLICY}.set={A="a"}`], ["A", "B"])).toEqual([`${POLICY}.set.B=""`]);
  expect(hidingOverrides(['model="m"'], ["A"])).toEqual([]);
});
