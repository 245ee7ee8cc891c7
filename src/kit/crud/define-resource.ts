import type { Provider, Type } from '@nestjs/common';
import type { EntityClass } from '../../core/database/data-source.js';
import type { RedactionRule } from '../redaction/redaction-rule.js';
import type { RetentionRule } from '../retention/retention-rule.js';
import { serviceOf } from './define-crud.js';
import type { KeyedRow, ResourceDefinition } from './definition.js';
import { rowClassOf } from './dto.js';
import { controllerOf } from './resource-controller.js';
import type { ResourceService } from './resource-service.js';

/** The parts that a resource adds to the server. */
export interface Resource {
  readonly entities: readonly EntityClass[];
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
  readonly imports?: readonly Type[];
  /** Retention of its tables. Tables without a rule keep their rows. */
  readonly retention?: readonly RetentionRule[];
  /** Redaction of its rows about a chat session. */
  readonly redaction?: readonly RedactionRule[];
}

/** A resource definition plus hand-written parts. */
export interface Manifest<E extends KeyedRow> extends ResourceDefinition<E>, Partial<Resource> {
  /** Replaces the generated service. */
  readonly service?: Type<ResourceService<E>>;
  /** Replaces the generated controller. */
  readonly controller?: Type;
}

/** Creates a resource with its list, read, create, update and delete routes, DTOs, scopes and documentation. */
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
