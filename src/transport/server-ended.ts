import { LaunchError } from "../errors/errors.ts";

/** The server has exited for good, so reconnecting can't succeed. */
export class ServerEnded extends LaunchError {}
