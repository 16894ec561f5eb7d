/** The reason of every abort that the seeded user makes. */
export class UserAbort extends Error {}
