import { Id, Optional } from '../../../../core/validation/decorators.js';

/** What blocks that work on a session take. */
export class SessionInput {
  /** By default the trigger's. */
  @Optional()
  @Id()
  session_id: string;
}

export const SESSION_ROW = { session_id: 'chat_sessions' } as const;
