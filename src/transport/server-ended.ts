import { LaunchError } from "../errors/errors.ts";

/** The server has exited for good: connecting again is useless. */
export class ServerEnded extends LaunchError {}
