/**
 * For the settings of servers and commands. On a machine whose cores are all busy, a statement may take longer than a
 * request should wait. Tests of what happens then do without it.
 */
export const PATIENT = { DATABASE_STATEMENT_TIMEOUT_MS: '60000' };
