import { AppError, type AppErrorDetails } from './app-error.js';
import type { ErrorDefinition } from './error-definition.js';

type ParameterOf<Message extends string> = Message extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterOf<Rest>
  : never;

type Arguments<Message extends string> = [ParameterOf<Message>] extends [never]
  ? [details?: AppErrorDetails]
  : [parameters: Readonly<Record<ParameterOf<Message>, string | number>>, details?: AppErrorDetails];

/** Makes one kind of error; the parameters are those that its message names. */
export interface ErrorFactory<Message extends string = string> {
  (...args: Arguments<Message>): AppError;
  readonly code: string;
  readonly definition: ErrorDefinition;
}

/** Any of them, for code that only reads what it is. */
export type AnyErrorFactory = Pick<ErrorFactory, 'code' | 'definition'>;

/**
 * Declares the errors of one feature, by their stable codes.
 * @example
 * export const crawlErrors = defineErrors({
 *   crawl_paused: { status: 409, message: 'The datasource is paused.' },
 * });
 * throw crawlErrors.crawl_paused();
 */
export function defineErrors<const Definitions extends Readonly<Record<string, ErrorDefinition>>>(
  definitions: Definitions,
): { readonly [Code in keyof Definitions]: ErrorFactory<Definitions[Code]['message']> } {
  const factories = Object.entries(definitions).map(([code, definition]) => [code, factoryOf(code, definition)]);
  return Object.fromEntries(factories) as ReturnType<typeof defineErrors<Definitions>>;
}

function factoryOf(code: string, definition: ErrorDefinition): unknown {
  const { message } = definition;
  const make = message.includes('{')
    ? (parameters: Readonly<Record<string, string | number>>, details: AppErrorDetails = {}) =>
        new AppError(code, definition, filled(message, parameters), details)
    : (details: AppErrorDetails = {}) => new AppError(code, definition, message, details);
  return Object.assign(make, { code, definition });
}

/** Replaces each `{name}` of a message. */
export function filled(message: string, parameters: Readonly<Record<string, string | number>>): string {
  return message.replace(/\{(\w+)\}/g, (_, name: string) => String(parameters[name]));
}
