import { ArrayMaxSize, ArrayMinSize, IsArray, IsString } from 'class-validator';
import { MaxLength } from '../../core/validation/text-length.js';
import { About, Field } from '../../core/wire/field.js';
import { TEXT } from '../../core/wire/schema.js';
import { TOKEN_CHARACTERS_MAX } from './token-forms.js';

export const CREDENTIALS_MAX = 1_000;

/** Body of `POST /credentials/revoke`, as GitHub's route of that name takes it. */
export class ReportCredentialsDto {
  @About('Whole credentials, as their callers send them. Of an agent key both halves, as two entries.')
  @MaxLength(TOKEN_CHARACTERS_MAX, { each: true })
  @IsString({ each: true })
  @ArrayMaxSize(CREDENTIALS_MAX)
  @ArrayMinSize(1)
  @IsArray()
  credentials: string[];
}

export class AcceptedRevocation {
  @About('The same whatever was sent.')
  @Field(TEXT)
  message: string;
}
