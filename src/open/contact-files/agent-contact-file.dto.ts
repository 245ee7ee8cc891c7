import { DOCX, PDF, TEXT } from '../../files/media-types.js';
import { Optional, Text } from '../../validation/decorators.js';
import type { FormRules } from '../../wire/form.js';

export class AgentContactFileFields {
  @Optional()
  @Text(1, 200)
  label?: string;
}

export const CONTACT_FILE: FormRules<AgentContactFileFields> = {
  fileBytesMax: 10 * 1024 * 1024,
  fileTypes: [PDF, 'image/png', 'image/jpeg', DOCX, TEXT],
  fields: AgentContactFileFields,
};
