import type { Provider, Type } from '@nestjs/common';
import type { EntityClass } from '../../core/database/data-source.js';
import type { RedactionRule } from '../redaction/redaction-rule.js';
import type { RetentionRule } from '../retention/retention-rule.js';
import { serviceOf } from './define-crud.js';
import type { KeyedRow, ResourceDefinition } from './definition.js';
import { rowClassOf } from './dto.js';
import { controllerOf } from './resource-controller.js';
import type { ResourceService } from './resource-service.js';

/** What a resource adds to the server. */
export interface Resource {
  readonly entities: readonly EntityClass[];
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
  readonly imports?: readonly Type[];
  /** Of its tables; rows without a rule are kept. */
  readonly retention?: readonly RetentionRule[];
  /** What the redaction of a chat session clears in its tables. */
  readonly redaction?: readonly RedactionRule[];
}

/** A definition, and what the resource has besides the generated routes. */
export interface Manifest<E extends KeyedRow> extends ResourceDefinition<E>, Partial<Resource> {
  /** Replaces the generated service. */
  readonly service?: Type<ResourceService<E>>;
  /** Replaces the generated controller. */
  readonly controller?: Type;
}

/** A resource from its manifest: list, read, create, update and delete, with their DTOs, scopes and documentation. */
export function defineResource<E extends KeyedRow>(manifest: Manifest<E>): Resource {
  const { entity, entities = [], controllers = [], providers = [], imports, retention, redaction } = manifest;
  const { service = serviceOf(manifest) } = manifest;
  const { controller = controllerOf(manifest, service, rowClassOf(manifest)) } = manifest;
  return {
    entities: [entity, ...entities],
    controllers: [controller, ...controllers],
    providers: [service, ...providers],
    ...(imports && { imports }),
    ...(retention && { retention }),
    ...(redaction && { redaction }),
  };
}
