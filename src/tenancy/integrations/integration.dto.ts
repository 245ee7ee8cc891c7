import { IsIn, IsObject } from 'class-validator';
import { Optional } from '../../core/validation/decorators.js';
import { Name } from '../../core/validation/name.js';
import { About } from '../../core/wire/field.js';
import { CONNECTORS } from './connectors/index.js';
import { NAME_CHARACTERS_MAX } from './requested-connections.js';

export class CreateIntegrationDto {
  @IsIn(CONNECTORS.map(({ key }) => key))
  provider: string;

  @Name(NAME_CHARACTERS_MAX)
  name: string;

  @About('The fields of the provider.')
  @IsObject()
  credentials: Record<string, unknown>;
}

export class UpdateIntegrationDto {
  @Optional()
  @Name(NAME_CHARACTERS_MAX)
  name?: string;

  @About('All fields of the provider: they replace what was.')
  @Optional()
  @IsObject()
  credentials?: Record<string, unknown>;
}
