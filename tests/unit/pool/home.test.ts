import { chmod, chown, lstat, mkdir, readdir, symlink } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { folderOf, prepareHome, prepareHomeIn } from "../../../src/pool/home.ts";
import { temporaryDirectory } from "../../../src/testing/temporary-directory.ts";

async function folder(): Promise<string> {
  const directory = await temporaryDirectory("pool-homes-");
  onTestFinished(() => directory.close());
  return directory.path;
}

async function modeOf(file: string): Promise<number> {
  return (await lstat(file)).mode & 0o777;
}

const HOSTILE = [
  "",
  ".",
  "..",
  "../../etc",
  "/",
  "/etc/passwd",
  "C:\\Windows",
  "a/b",
  "a\\b",
  "nul\0byte",
  "NUL",
  "con",
  "aux.txt",
  "Ada",
  "ada",
  "ADA",
  "ada ",
  "ada.",
  " ada",
  "caf\u00e9",
  "cafe\u0301",
  "\ud800",
  "\ud801",
  "\udc00",
  "\ufffd",
  "ß",
  "ss",
  "İ",
  "i",
  "-rf",
  "~",
  "$HOME",
  "%TEMP%",
  "line\nbreak",
  "\u202eevil",
  "💥",
  "__proto__",
  "constructor",
  "x".repeat(255),
  "x".repeat(256),
  "x".repeat(1_000_000),
];

describe("the folder of a key", () => {
  test("is a name that every file system accepts, and never leaves the pool's folder", () => {
    for (const key of HOSTILE)
      expect(folderOf(key)).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,63}[a-z0-9])$/);
  });

  test("is different for every other key, even on systems that ignore the case or Unicode form of letters", () => {
    const names = HOSTILE.map((key) => folderOf(key).toLowerCase().normalize("NFC"));
    expect(new Set(names).size).toBe(HOSTILE.length);
  });

  test("is safe, and different for any two texts", () => {
    const anyText = fc.string({ unit: "binary", maxLength: 40 });
    const halves = fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 })
      .map((units) => String.fromCharCode(...units));
    const key = fc.oneof(anyText, halves);
    fc.assert(
      fc.property(key, key, (one, other) => {
        expect(folderOf(one)).toMatch(/^[a-z0-9][a-z0-9-]{0,63}[a-z0-9]$/);
        expect(folderOf(one) === folderOf(other)).toBe(one === other);
      }),
    );
  });

  test("doesn't change between versions: homes would be lost", () => {
    expect(folderOf("Ada Lovelace <ada@example.com>")).toBe(
      "ada-lovelace-ada-exampl-e065eed5693a907fcfb06784f072b30c30a16bb4",
    );
  });
});

describe("a home", () => {
  test("is private, and so is the folder that the pool creates for the homes", async () => {
    const root = path.join(await folder(), "deep", "homes");
    const home = await prepareHomeIn(root, "../ada");
    expect(path.dirname(home)).toBe(root);
    expect([await modeOf(home), await modeOf(root)]).toEqual([0o700, 0o700]);
    for (const file of await readdir(home)) expect(await modeOf(path.join(home, file))).toBe(0o600);
  });

  test("that others could read is made private", async () => {
    const home = path.join(await folder(), "ada");
    await mkdir(home);
    await chmod(home, 0o755);
    await prepareHome(home, "ada");
    expect(await modeOf(home)).toBe(0o700);
  });

  test("is the same for the same key", async () => {
    const root = await folder();
    expect(await prepareHomeIn(root, "ada")).toBe(await prepareHomeIn(root, "ada"));
    expect(await readdir(root)).toHaveLength(1);
  });

  test("of another tenant is refused, no matter by which path", async () => {
    const root = await folder();
    const home = path.join(root, "ada");
    await prepareHome(home, "ada");
    await symlink(home, path.join(root, "link"));
    for (const same of [home, `${home}/`, path.join(root, "link"), path.join(home, "..", "ada")]) {
      await expect(prepareHome(same, "bob")).rejects.toThrow(
        /^The server of "bob" can't be started: its home .*ada belongs to another tenant/,
      );
      expect(await prepareHome(same, "ada")).toBe(home);
    }
  });

  test("is given to at most one of two tenants that claim it at once", async () => {
    const home = path.join(await folder(), "shared");
    const claims = ["ada", "bob", "cy"].map((key) => prepareHome(home, key));
    const results = await Promise.allSettled(claims);
    expect(results.filter(({ status }) => status === "fulfilled").length).toBeLessThanOrEqual(1);
    const later = await Promise.allSettled(
      ["ada", "bob", "cy"].map((key) => prepareHome(home, key)),
    );
    expect(later.filter(({ status }) => status === "fulfilled").length).toBeLessThanOrEqual(1);
  });

  test("in the pool's folder is never a link to another place", async () => {
    const root = await folder();
    const elsewhere = await folder();
    await symlink(elsewhere, path.join(root, folderOf("ada")));
    await expect(prepareHomeIn(root, "ada")).rejects.toThrow(`is a link to ${elsewhere}`);
    expect(await readdir(elsewhere)).toEqual([]);
  });
});

/** Where the homes are, in a folder of someone else or in one below it. */
const PLACES = [
  ["homes", "homes"],
  ["theirs", "theirs/homes"],
  ["theirs", "theirs/mine/homes"],
] as const;

test.each(PLACES)(
  "if another user owns %s, %s is refused, because that user could replace the homes",
  async (theirs, place) => {
    const root = await folder();
    const homes = path.join(root, place);
    await mkdir(homes, { recursive: true });
    // Only root can change the owner of the folder. Otherwise, the test pretends to be a different user.
    if (process.geteuid?.() === 0) await chown(path.join(root, theirs), 12_345, 12_345);
    else vi.spyOn(process, "geteuid").mockReturnValue(12_345);
    onTestFinished(() => void vi.restoreAllMocks());
    const why = /a folder in its home's path, .*, belongs to user \d+, who could replace the home/;
    await expect(prepareHomeIn(homes, "ada")).rejects.toThrow(why);
    await expect(prepareHome(path.join(homes, "ada"), "ada")).rejects.toThrow(why);
  },
);

describe.skipIf(process.platform === "win32")("everybody can write to", () => {
  test.each(PLACES)(
    "%s: %s is refused, unless nobody can replace others' files there",
    async (open, place) => {
      const root = await folder();
      const homes = path.join(root, place);
      await mkdir(homes, { recursive: true });
      await chmod(path.join(root, open), 0o777);
      await expect(prepareHomeIn(homes, "ada")).rejects.toThrow(
        `every user can write to a folder in its home's path, ${path.join(root, open)}`,
      );
      await chmod(path.join(root, open), 0o1777);
      expect(await prepareHomeIn(homes, "ada")).toBe(path.join(homes, folderOf("ada")));
    },
  );
});
