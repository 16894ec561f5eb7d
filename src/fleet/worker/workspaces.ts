import type { TurnJob } from "./claim.ts";

/** What a workspace is prepared for. */
export interface WorkspaceRequest {
  /** The turn's id in the fleet. */
  readonly turn: string;
  readonly thread: string;
  readonly tenant: string;
  /** Aborts when the worker loses or gives up the turn, and when the turn is interrupted. */
  readonly signal: AbortSignal;
}

/** The directory of a turn. */
export interface Workspace {
  readonly cwd: string;
  /** Cleans up when the turn has ended, no matter how. */
  dispose?(): void | Promise<void>;
}

/** Prepares the directory that a turn works in: a clone, a checkout, a mount. */
export type PrepareWorkspace = (request: WorkspaceRequest) => Workspace | Promise<Workspace>;

export class Workspaces {
  readonly #prepare: PrepareWorkspace | undefined;

  constructor(prepare: PrepareWorkspace | undefined) {
    this.#prepare = prepare;
  }

  async prepare(
    { turn, thread, tenant }: TurnJob,
    signal: AbortSignal,
  ): Promise<{ cwd: string | undefined; dispose(): Promise<void> }> {
    const workspace = await this.#prepare?.({ turn, thread, tenant, signal });
    return { cwd: workspace?.cwd, dispose: async () => workspace?.dispose?.() };
  }
}
