import { Id, Optional } from '../../../../core/validation/decorators.js';

/** Input of blocks that act on a session. */
export class SessionInput {
  /** Defaults to the trigger's session. */
  @Optional()
  @Id()
  session_id: string;
}

export const SESSION_ROW = { session_id: 'chat_sessions' } as const;
