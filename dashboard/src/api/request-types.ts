import type { components } from '../../../sdk/src/index.js';

type Schemas = components['schemas'];

/** A row of the request log. */
export type LoggedRequest = Schemas['RequestView'];
export type Outcome = LoggedRequest['outcome'];
export type RequestSummary = Schemas['RequestSummary'];
export type GuardAnswer = Schemas['GuardAnswer'];
export type GuardName = GuardAnswer['guard'];
export type Mend = Schemas['Mend'];
/** A request that is not sent, for the guards to judge. */
export type CheckQuestion = {
  [Name in keyof Schemas['CheckRequestDto']]?: NonNullable<Schemas['CheckRequestDto'][Name]>;
};
