const setting = process.env['DATABASE_FAST_LANE'];

/** For the settings of every server and command: `DATABASE_FAST_LANE=off npm test` tests them without the fast lane. */
export const FAST_LANE = setting === undefined ? {} : { DATABASE_FAST_LANE: setting };
