import type { FormRules } from '../../../core/wire/form.js';
import { Field } from '../../../core/wire/field.js';
import { URI } from '../../../core/wire/schema.js';

/** Without SVG, which can contain scripts. */
export const PICTURE: FormRules = {
  fileBytesMax: 5 * 1024 * 1024,
  fileTypes: ['image/png', 'image/jpeg', 'image/gif', 'image/webp'],
};

export class UploadedMedia {
  @Field()
  id: string;

  /** Permanent and public: anyone with the URL can see the picture. */
  @Field(URI)
  url: string;
}
