import { DOCX, PDF, TEXT } from '../../../kit/files/media-types.js';
import { Optional } from '../../../core/validation/decorators.js';
import { Name } from '../../../core/validation/name.js';
import type { FormRules } from '../../../core/wire/form.js';

export class AgentContactFileFields {
  @Optional()
  @Name(200)
  label?: string;
}

export const CONTACT_FILE: FormRules<AgentContactFileFields> = {
  fileBytesMax: 10 * 1024 * 1024,
  fileTypes: [PDF, 'image/png', 'image/jpeg', DOCX, TEXT],
  fields: AgentContactFileFields,
};
