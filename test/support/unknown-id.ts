/** A valid id that no row has. */
export const UNKNOWN_ID = '0198a2f0-0000-7000-8000-000000000000';
