/** The states of a session's SLA clock. */
export const CLOCK_STATES = ['active', 'fulfilled', 'breached', 'completed_after_breach'] as const;
export type ClockState = (typeof CLOCK_STATES)[number];
