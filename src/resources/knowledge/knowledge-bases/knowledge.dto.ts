import { DOCX, MARKDOWN, PDF, TEXT } from '../../../kit/files/media-types.js';
import { Optional, QueryInteger, Text } from '../../../core/validation/decorators.js';
import { Name } from '../../../core/validation/name.js';
import { Field } from '../../../core/wire/field.js';
import type { FormRules } from '../../../core/wire/form.js';
import { UUID } from '../../../core/wire/schema.js';

export class DocumentFields {
  @Name(200)
  title: string;
}

/** A document without a file. */
export class AddDocumentDto extends DocumentFields {
  @Text(1, 100_000)
  content: string;
}

export const DOCUMENT: FormRules<DocumentFields> = {
  fileBytesMax: 10 * 1024 * 1024,
  fileTypes: [PDF, DOCX, TEXT, MARKDOWN],
  fields: DocumentFields,
};

export class SearchQuery {
  /** A question, or words. */
  @Text(1, 500)
  query: string;

  @Optional()
  @QueryInteger(1, 20)
  limit: number = 5;
}

export class FoundPassage {
  @Field(UUID)
  document_id: string;

  @Field()
  text: string;

  /** How well it fits, from 0 to 1; good for comparing within one answer. */
  @Field({ type: 'number' })
  score: number;
}

export class FoundPassages {
  /** The best first. */
  @Field({ type: 'array', items: FoundPassage })
  results: FoundPassage[];
}
