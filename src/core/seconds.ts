/** Epoch ms to the epoch seconds of the contract, to the millisecond. */
export const seconds = (ms: number): number => Math.round(ms) / 1000

/** A duration in ms as seconds, to the microsecond. */
export const durationSeconds = (ms: number): number => Math.round(ms * 1000) / 1e6
