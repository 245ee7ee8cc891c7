import { ArrayMaxSize, IsArray, IsObject, IsString, Matches } from 'class-validator';
import { check, Id, Nested, Optional, Text } from '../../../core/validation/decorators.js';
import { MaxLength } from '../../../core/validation/text-length.js';
import { About, Field } from '../../../core/wire/field.js';
import { ANY_OBJECT, listOf, UUID } from '../../../core/wire/schema.js';
import { MayMerge } from '../../directory/contacts/contact-merge-fields.js';
import { ContactReference } from '../../directory/contacts/contact-reference.dto.js';
import { findBrokenPlaceholder, isComponents, type TemplateComponent } from './template-slots.js';

const COMPONENTS_BYTES_MAX = 64 * 1024;

export class PutTemplateDto {
  @Matches(/^[a-z0-9_]{1,512}$/, { message: '$property must be 1 to 512 lower-case letters, digits and underscores' })
  name: string;

  @Matches(/^[a-z]{2,3}(_[A-Z]{2,3})?$/, {
    message: '$property must be a WhatsApp language code, such as en_US',
  })
  language: string;

  @Text(1, 50)
  category: string;

  @About('In the format of the Cloud API: a BODY, and optionally a HEADER, a FOOTER and BUTTONS.')
  @check(
    'placeholders',
    (value) => !isComponents(value) || findBrokenPlaceholder(value) === undefined,
    (value) =>
      `must have placeholders such as {{1}} or {{first_name}}, not ${findBrokenPlaceholder(value as TemplateComponent[])}`,
    { schema: {} },
  )
  @check(
    'components',
    (value) => isComponents(value) && JSON.stringify(value).length <= COMPONENTS_BYTES_MAX,
    `must be a list of components, each of another type, with a BODY that has a text`,
    { schema: listOf(ANY_OBJECT) },
  )
  components: TemplateComponent[];
}

export class SendTemplateDto {
  @Id()
  template_id: string;

  @IsString()
  phone_number_id: string;

  @About('In the order HEADER, BODY, BUTTONS. They may have merge fields.')
  @MayMerge()
  @MaxLength(1_024, { each: true })
  @IsString({ each: true })
  @ArrayMaxSize(100)
  @IsArray()
  variables: string[];

  @Nested(() => ContactReference)
  @IsObject()
  contact: ContactReference;

  @About('Continued if it has the same number, channel and contact; otherwise a new session starts.')
  @Optional()
  @Id()
  session_id?: string;
}

export class SentTemplate {
  @About('Id of the WhatsApp message; WhatsApp gets it as the Idempotency-Key.')
  @Field(UUID)
  whatsapp_message_id: string;

  @About("Id of the message in the session's history.")
  @Field(UUID)
  message_id: string;

  @Field(UUID)
  session_id: string;
}
