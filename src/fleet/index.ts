/**
 * Turns on many machines: submitted, run and read in different processes.
 * @module
 */

export { FleetTurnError, type FleetTurnFailure, UnknownTurnError } from "../errors/fleet-errors.ts";
export type { Schedule } from "../timeline/schedule.ts";
export { Fleet } from "./caller/fleet.ts";
export { FleetThread, type FleetThreadRunOptions } from "./caller/fleet-thread.ts";
export type { FleetTimeline } from "./caller/fleet-timeline.ts";
export {
  type FleetStreamOptions,
  type FleetTimelineOptions,
  FleetTurn,
  type FleetTurnPhase,
} from "./caller/fleet-turn.ts";
export type { FleetOptions, FleetRepeat, FleetRunOptions } from "./caller/options.ts";
export type { FleetEvent } from "./caller/read-turn.ts";
export type { FleetRequest, FleetRequests } from "./caller/requests.ts";
export type { FleetStatus, StuckTurn } from "./caller/status.ts";
export type { FleetThreadInfo, FleetThreadsOptions } from "./caller/threads.ts";
export type { FleetWaitOptions } from "./caller/wait.ts";
export { FencedError } from "./errors.ts";
export type { EncryptionKey } from "./redis/codec.ts";
export type { FleetConnection } from "./redis/connection.ts";
export { BlobThreadStore } from "./store/blob-thread-store.ts";
export type { Blobs } from "./store/blobs.ts";
export { folderStore } from "./store/folder-store.ts";
export { type RedisStoreOptions, redisStore } from "./store/redis-store.ts";
export { type S3StoreOptions, s3Store } from "./store/s3-store.ts";
export type { OpenedThread, ThreadStore } from "./store/thread-store.ts";
export type { OnWorkerLost, WorkerReport } from "./wire.ts";
export type { FleetRateLimit, FleetWorkerOptions } from "./worker/options.ts";
export type { FleetServers } from "./worker/servers.ts";
export { type CloseWorkerOptions, FleetWorker } from "./worker/worker.ts";
export type { PrepareWorkspace, Workspace, WorkspaceRequest } from "./worker/workspaces.ts";
