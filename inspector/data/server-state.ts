import { Store } from "./store.ts";

/** One measurement of the server's process. */
export interface Usage {
  readonly cpuPercent: number | null;
  readonly memoryBytes: number;
}

/** How many measurements are kept, one a second. */
const KEPT = 60;

/** Whether the inspector can be reached, and what the app-server's process uses. */
export class ServerState extends Store {
  isConnected = true;
  problem: string | undefined;
  usage: readonly Usage[] = [];

  connected(isConnected: boolean): void {
    if (this.isConnected === isConnected) return;
    this.isConnected = isConnected;
    this.changed();
  }

  failed(error: unknown): void {
    this.problem = error instanceof Error ? error.message : String(error);
    this.changed();
  }

  measured(usage: Usage): void {
    this.usage = [...this.usage.slice(1 - KEPT), usage];
    this.changed();
  }
}
