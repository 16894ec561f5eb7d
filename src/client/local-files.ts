import { resolve } from "node:path";
import { checkDirectory } from "../input/directory.ts";
import type { PrepareInputOptions } from "../input/prepare-input.ts";
import type { SkillsListEntry } from "../protocol/index.ts";
import type { Session } from "../session/session.ts";
import { dataOf } from "../thread/data-of.ts";
import type { RequestOptions } from "../thread/thread-server.ts";
import type { ThreadState } from "../thread/thread-state.ts";
import { realPath } from "../util/real-path.ts";

/** Checks the caller's paths if the server sees the same files as this program. */
export class LocalFiles {
  readonly #session: Session;
  readonly #cwd: string;

  /** `cwd` is the server's working directory. Default: this process's. */
  constructor(session: Session, cwd: string | undefined) {
    this.#session = session;
    this.#cwd = cwd ?? process.cwd();
  }

  /** @throws InvalidInputError if `cwd` is given and isn't a directory. */
  async checkCwd(cwd: unknown): Promise<void> {
    if (typeof cwd === "string" && this.#session.sharesFiles) {
      await checkDirectory(resolve(this.#cwd, cwd), "cwd");
    }
  }

  /** Notes where the thread's directory leads, for the approvals of its paths. */
  noteDirectory({ profile }: ThreadState): void {
    const { cwd, realCwd } = profile;
    if (cwd === undefined || realCwd?.of === cwd || !this.#session.sharesFiles) return;
    const look = () => realPath(cwd).catch(() => ({ target: undefined }));
    const path = this.#session.lookups.run(look).then((found) => found?.target);
    profile.realCwd = { of: cwd, path };
  }

  /**
   * How to check the input of a turn; `cwd` is the turn's own, if it sets one. `limits` is for
   * requests to the server.
   */
  inputOptions(thread: ThreadState, cwd: unknown, limits: RequestOptions): PrepareInputOptions {
    const skillsCwd = typeof cwd === "string" ? cwd : (thread.profile.cwd ?? this.#cwd);
    return {
      cwd: this.#cwd,
      checkPaths: this.#session.sharesFiles,
      knownSkills: async () => {
        const params = { cwds: [resolve(this.#cwd, skillsCwd)] };
        const listed = await this.#session.request("skills/list", params, limits);
        const entries = dataOf<SkillsListEntry>(listed, "skills/list");
        return entries.flatMap(({ skills }) => skills.map(({ path }) => path));
      },
    };
  }
}
