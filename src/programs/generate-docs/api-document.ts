import type { DynamicModule, Type } from '@nestjs/common';
import { MODULE_METADATA } from '@nestjs/common/constants.js';
import { SCOPE_CATALOGUE } from '../../access/scopes/scope-catalogue.js';
import { AppModule } from '../../app.module.js';
import { EXAMPLE_CATALOGUE } from '../../example-catalogue.js';
import { loadConfig } from '../../core/config/config.js';
import { createLog } from '../../core/logging/log.js';
import type { ApiDocument } from '../../operations/openapi/api-document.js';
import { apiDocument } from '../../operations/openapi/document.js';

type Module = Type | DynamicModule;

/** Builds the response of `GET /openapi.json` without starting a server. */
export function serverDocument(): ApiDocument {
  return apiDocument(serverControllers(), SCOPE_CATALOGUE, EXAMPLE_CATALOGUE);
}

/** The controllers of a server with every built-in resource. */
export function serverControllers(): readonly Type[] {
  const config = loadConfig({});
  return [...controllersIn(AppModule.with(config, createLog(config)))];
}

/** Renders `docs/openapi.json`. */
export function openApiPage(): string {
  return `${JSON.stringify(serverDocument(), undefined, 2)}\n`;
}

/** Returns the controllers of a module and of its imports, without duplicates. */
function controllersIn(module: Module): Set<Type> {
  const type = 'module' in module ? module.module : module;
  const listed = (key: string): readonly (Type | Module)[] => [
    ...((Reflect.getMetadata(key, type) as Type[] | undefined) ?? []),
    ...((module as unknown as Record<string, Type[] | undefined>)[key] ?? []),
  ];
  const below = listed(MODULE_METADATA.IMPORTS).flatMap((imported) => [...controllersIn(imported as Module)]);
  return new Set([...(listed(MODULE_METADATA.CONTROLLERS) as Type[]), ...below]);
}
