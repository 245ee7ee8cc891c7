import { Optional } from '../../core/validation/decorators.js';
import { About, Field } from '../../core/wire/field.js';
import { INSTANT, INTEGER, listOf, nullable, oneOf, TEXT, URI } from '../../core/wire/schema.js';
import type { ServiceDeclaration } from '../declaration/service-declaration.js';
import { DeclaredResource, DeclaredRoute } from './service-view.dto.js';
import type { StoredService } from './stored-services.js';

/** A service, as it is declared. */
export class DeclaredService {
  @About('The slug.')
  @Field(TEXT)
  readonly service: string;

  @Field(TEXT)
  readonly label: string;

  @Field(TEXT)
  readonly description: string;

  @About('Where clients reach it; absent if not declared.')
  @Optional()
  @Field(URI)
  readonly url?: string;

  @About('Whether full access that is older than the service covers it.')
  @Field(oneOf(['existing', 'all']))
  readonly full_access: ServiceDeclaration['full_access'];

  @Field(listOf(DeclaredResource))
  readonly resources: readonly DeclaredResource[];

  @Field(listOf(DeclaredRoute))
  readonly routes: readonly DeclaredRoute[];

  @About('Rises with each change.')
  @Field(INTEGER)
  readonly revision: number;

  @Field(INSTANT)
  readonly created_at: Date;

  @Field(INSTANT)
  readonly updated_at: Date;

  @About('Since when its doors refuse every request until it is resumed.')
  @Field(nullable(INSTANT))
  readonly suspended_at: Date | null;
}

export class DeclaredServices {
  @Field(listOf(DeclaredService))
  readonly items: readonly DeclaredService[];
}

export function declaredService({ row, declaration }: StoredService): DeclaredService {
  const { revision, created_at, updated_at, suspended_at } = row;
  return { ...declaration, revision, created_at, updated_at, suspended_at };
}
