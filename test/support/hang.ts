/** The end of a test that hangs. A machine may be many times slower than usual, and no test may fail for that. */
export const HANG_MS = 1_800_000;
/** The end of a step that hangs: before the end of its test, so that the error names the step. */
export const STEP_HANG_MS = 1_500_000;
