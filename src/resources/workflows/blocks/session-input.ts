import { IsString } from 'class-validator';
import { Optional } from '../../../validation/decorators.js';

/** What blocks that work on a session take. */
export class SessionInput {
  /** By default the trigger's. */
  @Optional()
  @IsString()
  session_id: string;
}
