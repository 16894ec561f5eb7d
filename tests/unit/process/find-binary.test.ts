import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LaunchError } from "../../../src/errors/errors.ts";
import { type FindOptions, findCodexBinary } from "../../../src/process/find-binary.ts";

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "find-binary-")));
});
afterEach(() => rmSync(root, { recursive: true }));

const at = (path: string) => join(root, path);

function file(path: string, mode = 0o755): string {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), "{}", { mode });
  return at(path);
}

function link(path: string, target: string): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  symlinkSync(at(target), at(path));
}

function installCodex(modules: string): void {
  file(`${modules}/@openai/codex/package.json`);
  file(`${modules}/@openai/codex/bin/codex.js`);
}

function installNative(modules: string, name: string, triple: string): string {
  file(`${modules}/@openai/codex-${name}/package.json`);
  const executable = name.startsWith("win32") ? "codex.exe" : "codex";
  return file(`${modules}/@openai/codex-${name}/vendor/${triple}/bin/${executable}`);
}

const linux = "x86_64-unknown-linux-musl";
const windows = "x86_64-pc-windows-msvc";

function find(options: FindOptions = {}): string {
  return findCodexBinary({
    env: {},
    platform: "linux",
    arch: "x64",
    modules: [at("app/node_modules/codex-app-server/dist/process/find-binary.js")],
    ...options,
  });
}

function failure(options: FindOptions = {}): LaunchError {
  try {
    find(options);
  } catch (error) {
    if (error instanceof LaunchError) return error;
    throw error;
  }
  throw new Error("it was found");
}

describe("the installed package", () => {
  test.each<[NodeJS.Platform, string, string, string]>([
    ["linux", "x64", "linux-x64", linux],
    ["linux", "arm64", "linux-arm64", "aarch64-unknown-linux-musl"],
    ["android", "arm64", "linux-arm64", "aarch64-unknown-linux-musl"],
    ["darwin", "x64", "darwin-x64", "x86_64-apple-darwin"],
    ["darwin", "arm64", "darwin-arm64", "aarch64-apple-darwin"],
    ["win32", "x64", "win32-x64", windows],
    ["win32", "arm64", "win32-arm64", "aarch64-pc-windows-msvc"],
  ])("npm layout on %s %s", (platform, arch, name, triple) => {
    installCodex("app/node_modules");
    const native = installNative("app/node_modules", name, triple);
    expect(find({ platform, arch })).toBe(native);
  });

  test("pnpm layout: only @openai/codex sees its platform package", () => {
    const store = "app/node_modules/.pnpm";
    installCodex(`${store}/@openai+codex@1/node_modules`);
    const native = installNative(
      `${store}/@openai+codex@1-linux-x64/node_modules`,
      "linux-x64",
      linux,
    );
    link(
      `${store}/@openai+codex@1/node_modules/@openai/codex-linux-x64`,
      `${store}/@openai+codex@1-linux-x64/node_modules/@openai/codex-linux-x64`,
    );
    link(
      `${store}/codex-app-server@1/node_modules/@openai/codex`,
      `${store}/@openai+codex@1/node_modules/@openai/codex`,
    );
    const module = file(`${store}/codex-app-server@1/node_modules/codex-app-server/dist/find.js`);
    expect(realpathSync(find({ modules: [module] }))).toBe(native);
  });

  test("a vendor folder of @openai/codex itself", () => {
    installCodex("app/node_modules");
    const native = file(`app/node_modules/@openai/codex/vendor/${linux}/bin/codex`);
    expect(find()).toBe(native);
  });

  test("the folder of older releases", () => {
    installCodex("app/node_modules");
    file("app/node_modules/@openai/codex-linux-x64/package.json");
    const native = file(`app/node_modules/@openai/codex-linux-x64/vendor/${linux}/codex/codex`);
    expect(find()).toBe(native);
  });

  test("the platform package alone", () => {
    expect(installNative("app/node_modules", "linux-x64", linux)).toBe(find());
  });

  test("the one that @openai/codex itself sees wins over a hoisted one of another version", () => {
    installCodex("app/node_modules");
    installNative("app/node_modules", "linux-x64", linux);
    const own = installNative("app/node_modules/@openai/codex/node_modules", "linux-x64", linux);
    expect(find()).toBe(own);
  });

  test("Electron: the unpacked copy beside the archive", () => {
    installCodex("app.asar/node_modules");
    installNative("app.asar/node_modules", "linux-x64", linux);
    const module = at("app.asar/dist/main.js");
    expect(failure({ modules: [module] }).message).toContain(
      at(`app.asar.unpacked/node_modules/@openai/codex-linux-x64/vendor/${linux}/bin/codex`),
    );
    const native = installNative("app.asar.unpacked/node_modules", "linux-x64", linux);
    expect(find({ modules: [module] })).toBe(native);
  });

  test.each(["file:///$bunfs/root/app", "file:///B:/~BUN/root/app.exe", ""])(
    "a virtual module %j falls back to PATH",
    (module) => {
      expect(find({ modules: [module], env: { PATH: dirname(file("bin/codex")) } })).toBe(
        at("bin/codex"),
      );
    },
  );

  test.each(["planted", "."])("one in the NODE_PATH %j is not: it could be planted", (entry) => {
    installCodex("planted");
    installNative("planted", "linux-x64", linux);
    const [before, cwd] = [process.env.NODE_PATH, process.cwd()];
    const readAgain = () => (Module as unknown as { _initPaths(): void })._initPaths();
    process.chdir(entry === "." ? at("planted") : root);
    process.env.NODE_PATH = entry;
    readAgain();
    try {
      // Node itself finds it.
      expect(createRequire(at("main.js")).resolve("@openai/codex/package.json")).toContain(root);
      expect(failure().message).toContain("@openai/codex-linux-x64 is installed");
    } finally {
      process.chdir(cwd);
      if (before === undefined) delete process.env.NODE_PATH;
      else process.env.NODE_PATH = before;
      readAgain();
    }
  });

  test("is found for the real module, and can be executed", () => {
    expect(findCodexBinary()).toMatch(/vendor.*codex(\.exe)?$/);
  });
});

describe("PATH", () => {
  test("the first executable file", () => {
    mkdirSync(at("a/codex"), { recursive: true });
    file("b/codex", 0o644);
    file("c/codex");
    file("d/codex");
    const PATH = [at("a"), "", at("b"), at("c"), at("d")].join(":");
    expect(find({ env: { PATH } })).toBe(at("c/codex"));
  });

  test.each(["", ".", "./bin", "node_modules/.bin", "~/bin"])(
    "an entry %j is skipped, and the error says so",
    (entry) => {
      file("codex");
      file("bin/codex");
      file("node_modules/.bin/codex");
      file("~/bin/codex");
      const before = process.cwd();
      process.chdir(root);
      try {
        const env = { PATH: [entry, at("none")].join(":") };
        const skipped = `not in the PATH entry ${JSON.stringify(entry)}: only absolute entries count`;
        expect(failure({ env }).message).toContain(skipped);
        expect(failure({ env, codexBin: "codex" }).message).toContain(skipped);
        expect(failure({ env }).message).not.toContain(`entry ${JSON.stringify(at("none"))}`);
        expect(find({ env: { PATH: `${env.PATH}:${dirname(file("real/codex"))}` } })).toBe(
          at("real/codex"),
        );
      } finally {
        process.chdir(before);
      }
    },
  );

  test("npm's wrapper without its native part is skipped, and listed in the error", () => {
    installCodex("lib/node_modules");
    link("bin/codex", "lib/node_modules/@openai/codex/bin/codex.js");
    expect(failure({ env: { PATH: at("bin") } }).message).toContain(
      `${at("bin/codex")} (npm's wrapper script, whose @openai/codex-linux-x64 is not installed)`,
    );
    const PATH = [at("bin"), dirname(file("other/codex"))].join(":");
    expect(find({ env: { PATH } })).toBe(at("other/codex"));
    expect(failure({ codexBin: at("bin/codex") }).message).toContain(
      "can't be started: it is npm's",
    );
  });

  test("npm's link to the Node wrapper is resolved", () => {
    installCodex("lib/node_modules");
    link("bin/codex", "lib/node_modules/@openai/codex/bin/codex.js");
    const native = installNative("lib/node_modules/@openai/codex/node_modules", "linux-x64", linux);
    expect(find({ env: { PATH: at("bin") } })).toBe(native);
  });

  test("Windows: variables in any case, and the extensions of PATHEXT", () => {
    file("a/codex");
    file("b/codex.exe");
    const env = { Path: `${at("a")};${at("b")}`, PathExt: ".EXE;.CMD" };
    expect(find({ platform: "win32", env })).toBe(at("b/codex.exe"));
  });

  test.each(["npm", "app/node_modules/.bin"])(
    "Windows: the executable behind a shim in %s",
    (bin) => {
      file(`${bin}/codex.cmd`);
      const installed = bin === "npm" ? "npm/node_modules" : "app/node_modules";
      installCodex(installed);
      const native = installNative(`${installed}/@openai/codex/node_modules`, "win32-x64", windows);
      const modules = [at("elsewhere/main.js")];
      expect(find({ platform: "win32", modules, env: { PATH: at(bin) } })).toBe(native);
      expect(find({ platform: "win32", modules, codexBin: at(`${bin}/codex.cmd`) })).toBe(native);
    },
  );

  test("Windows: the executable behind a shim, in a pnpm layout", () => {
    const codexBin = file("app/node_modules/.bin/codex.cmd");
    installCodex("store/codex/node_modules");
    const native = installNative("store/codex/node_modules", "win32-x64", windows);
    link("app/node_modules/@openai/codex", "store/codex/node_modules/@openai/codex");
    expect(find({ platform: "win32", codexBin })).toBe(native);
  });

  test("Windows: a shim without an executable is skipped, and listed in the error", () => {
    const shim = file("npm/codex.cmd");
    const options = { platform: "win32", env: { PATH: `${at("npm")};${at("b")}` } } as const;
    expect(failure(options).message).toContain(`${shim} (a shell script`);
    expect(
      find({ ...options, env: { PATH: `${options.env.PATH};${dirname(file("b/codex.exe"))}` } }),
    ).toBe(at("b/codex.exe"));
  });
});

describe("codexBin", () => {
  test("a path, made absolute", () => {
    expect(find({ codexBin: file("my/codex") })).toBe(at("my/codex"));
    expect(find({ codexBin: "./package.json" })).toBe(join(process.cwd(), "package.json"));
  });

  test("a bare name is looked up on PATH, before the installed package", () => {
    installCodex("app/node_modules");
    installNative("app/node_modules", "linux-x64", linux);
    file("bin/codex-beta");
    expect(find({ codexBin: "codex-beta", env: { PATH: at("bin") } })).toBe(at("bin/codex-beta"));
  });

  test.each(["/no/such/codex", "no-such-codex", ""])(
    "%j that does not exist is named",
    (codexBin) => {
      expect(failure({ codexBin }).message).toContain(`codexBin ${JSON.stringify(codexBin)}`);
    },
  );

  test("a shim that can't be started says so", () => {
    const codexBin = file("npm/codex.ps1");
    expect(failure({ platform: "win32", codexBin }).message).toContain("a shell script");
  });
});

describe("nothing found: the error lists every place and says how to install", () => {
  const env = () => ({ PATH: at("bin") });

  test("nothing is installed", () => {
    const { message } = failure({ env: env() });
    expect(message).toContain(
      "neither @openai/codex nor its platform package @openai/codex-linux-x64 is inst",
    );
    expect(message).toContain("codex on PATH");
    expect(message).toContain("npm install @openai/codex`, beside the bundle");
  });

  test("the native part is missing: its name is an alias, which the error spells out", () => {
    installCodex("app/node_modules");
    const alias = "npm:@openai/codex@1.2.3-linux-x64";
    const optionalDependencies = { "@openai/codex-linux-x64": alias };
    writeFileSync(
      at("app/node_modules/@openai/codex/package.json"),
      JSON.stringify({ optionalDependencies }),
    );
    const { message } = failure({ env: env() });
    expect(message).toContain("@openai/codex is installed without @openai/codex-linux-x64");
    expect(message).toContain(at(`app/node_modules/@openai/codex/vendor/${linux}/bin/codex`));
    expect(message).toContain(`\`npm install @openai/codex-linux-x64@${alias}\``);
  });

  test("there is none for the platform", () => {
    const { message } = failure({ platform: "freebsd", modules: [at("x.js")] });
    expect(message).toContain("@openai/codex has none for freebsd-x64");
  });
});

describe("the modules that are searched by default", () => {
  test("the first one that has it", () => {
    const native = installNative("app/node_modules", "linux-x64", linux);
    const modules = [at("built/elsewhere/bundle.js"), at("app/main.js")];
    expect(find({ modules })).toBe(native);
  });
});
