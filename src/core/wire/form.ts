import { RouteConfig } from '@nestjs/platform-fastify';
import type { Class } from './schema.js';

/** A multipart form with files and perhaps some fields. */
export interface FormRules<Fields extends object = object> {
  /** Of each part that is named `file`. */
  readonly fileBytesMax: number;
  /** How many such parts there can be; undefined: exactly one. */
  readonly filesMax?: number;
  /** Media types; the file's content decides which one it is. */
  readonly fileTypes: readonly string[];
  /** Its properties are the other parts; undefined: there are none. */
  readonly fields?: Class<Fields> & (new () => Fields);
  /** Those of them that are JSON; the rest is text. */
  readonly json?: readonly string[];
}

type Handler = object;

const forms = new WeakMap<Handler, FormRules>();

/** The form that a route takes; undefined: it takes JSON only. */
export function formOf(handler: Handler): FormRules | undefined {
  return forms.get(handler);
}

/** A route that takes a form, and JSON too where its handler has a body; all others answer a form with 415. */
export function TakesForm(rules: FormRules): MethodDecorator {
  return (target, name, descriptor) => {
    RouteConfig({ takesForm: true })(target, name, descriptor);
    forms.set(descriptor.value as Handler, rules);
  };
}

/** @param config of the route, as Fastify has it */
export function takesForm(config: object): boolean {
  return (config as { takesForm?: boolean }).takesForm === true;
}
