import { applyDecorators } from '@nestjs/common';
import { ArrayMaxSize, IsArray, IsIn } from 'class-validator';
import { ArrayUnique } from '../../../core/validation/array-unique.js';
import { check, Id, Optional, Text } from '../../../core/validation/decorators.js';
import { MaxLength, MinLength } from '../../../core/validation/text-length.js';
import { About, Field } from '../../../core/wire/field.js';
import type { FormRules } from '../../../core/wire/form.js';
import { INTEGER, URI } from '../../../core/wire/schema.js';
import { CHANNELS, type Channel } from '../../conversations/chat-sessions/channels.js';
import { ENDPOINT_CHARACTERS_MAX } from './action-payload.js';

export class ActionChannels {
  @IsIn(CHANNELS, { each: true })
  @ArrayUnique()
  @ArrayMaxSize(CHANNELS.length)
  @IsArray()
  channels: Channel[];
}

export class ImportFields {
  /** Overrides the servers of the document. */
  @Optional()
  @IsBaseUrl()
  @Text(1, ENDPOINT_CHARACTERS_MAX)
  server_base_url?: string;

  @About('The action credential of all imported actions. Left out, an operation that was there keeps its own.')
  @Optional()
  @Id()
  credential_id?: string;
}

export const OPENAPI_DOCUMENT: FormRules<ImportFields> = {
  fileBytesMax: 1024 * 1024,
  fileTypes: ['application/json', 'application/yaml'],
  fields: ImportFields,
};

export class ImportedActions {
  @Field(INTEGER)
  imported: number;
}

export function AreTags(): PropertyDecorator {
  return applyDecorators(MaxLength(100, { each: true }), MinLength(1, { each: true }));
}

/** A URL with placeholders. Its origin has none, so that input cannot redirect a call to another host. */
export function IsEndpoint(): PropertyDecorator {
  const sentence = 'must be an http or https URL without credentials, with placeholders only in its path and query';
  return check('endpoint', isEndpoint, sentence, { schema: {} });
}

export function isEndpoint(value: unknown): boolean {
  const url = typeof value === 'string' ? URL.parse(value.replace(/\{[^{}]+\}/g, 'x')) : null;
  return url !== null && isWeb(url) && !/[{}]/.test(url.href) && !/^[^/]*\/\/[^/?#]*[{}]/.test(String(value));
}

function IsBaseUrl(): PropertyDecorator {
  const isBase = (value: unknown) => {
    const url = typeof value === 'string' ? URL.parse(value) : null;
    return url !== null && isWeb(url) && url.search === '' && !/[{}]/.test(String(value));
  };
  return check('baseUrl', isBase, 'must be an http or https URL without credentials and query', { schema: URI });
}

function isWeb({ protocol, username, password, hash }: URL): boolean {
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '' && hash === '';
}
