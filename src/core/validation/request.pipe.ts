import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError, type ValidatorOptions } from 'class-validator';
import type { FieldProblem } from '../errors/app-error.js';
import { coreErrors } from '../errors/core-errors.js';
import { invalidRequest } from '../errors/invalid-request.js';
import { ArrivingBody } from '../http/arriving-body.js';
import { groupProblems } from './field-groups.js';
import { findUnusable, isStorable, unstorable } from './json-body.js';
import { misplacedLists } from './nested-shape.js';
import { readBody } from './request-body.js';
import { rulesPass } from './rules-pass.js';

type DtoClass = new () => object;

const NOT_DTOS: ReadonlySet<unknown> = new Set([String, Number, Boolean, Array, Object, undefined]);

export const CLASS_VALIDATOR_OPTIONS: ValidatorOptions = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  stopAtFirstError: true,
};

/**
 * Reads the body, for the guards have let the request in, and checks it and every query and path parameter against its
 * DTO; unknown fields and parameters are refused. 400.
 */
@Injectable()
export class RequestPipe implements PipeTransform {
  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    if (!(value instanceof ArrivingBody)) return this.#check(value, metadata);
    const body = readBody(value);
    return body instanceof Promise ? body.then((read) => this.#check(read, metadata)) : this.#check(body, metadata);
  }

  #check(value: unknown, { type, metatype, data }: ArgumentMetadata): unknown {
    // A form, which its handler reads.
    if (value instanceof ArrivingBody) return value;
    if (type === 'param') return checkedParameter(value, data);
    if (NOT_DTOS.has(metatype) || (type !== 'body' && type !== 'query')) return value;
    if (type === 'query') {
      const problem = findUnusable(value);
      if (problem) throw problem;
    }
    // Without a body there is nothing to parse; a body that says null is one, and no object.
    return validated(value === undefined ? {} : value, metatype as DtoClass);
  }
}

function checkedParameter(value: unknown, name = 'The path'): unknown {
  if (typeof value === 'string' && !isStorable(value)) throw unstorable(name);
  return value;
}

/**
 * A DTO instance of a plain value.
 * @throws AppError invalid_request naming every field that is wrong
 */
export function validated<T extends object>(value: unknown, dto: new () => T): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw coreErrors.invalid_request({ message: 'The body must be a JSON object.' });
  }
  const answer = judged(value, dto);
  if ('problems' in answer) throw invalidRequest(answer.problems);
  return answer.instance;
}

/**
 * A DTO instance, or every field that is wrong.
 * @param parent where the value stands, for the names of its fields
 */
export function judged<T extends object>(
  value: unknown,
  dto: new () => T,
  parent = '',
): { instance: T } | { problems: FieldProblem[] } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { problems: [{ field: parent, message: `${parent} must be an object` }] };
  }
  const instance = plainToInstance(dto, value, { exposeUnsetFields: false }) as T;
  const problems = rulesPass(instance) ? [] : fieldProblems(instance, parent);
  if (problems.length === 0) problems.push(...groupProblems(instance, parent));
  return problems.length > 0 ? { problems } : { instance };
}

function fieldProblems(instance: object, parent: string): FieldProblem[] {
  const errors = validateSync(instance, CLASS_VALIDATOR_OPTIONS);
  const problems = errors.flatMap((error) => problemsOf(error, parent));
  const fields = new Set(problems.map(({ field }) => field));
  return [...problems, ...misplacedLists(instance, parent).filter(({ field }) => !fields.has(field))];
}

/** One sentence per field, with its whole path. */
function problemsOf(error: ValidationError, parent: string): FieldProblem[] {
  const field = parent === '' ? error.property : `${parent}.${error.property}`;
  const own = Object.entries(error.constraints ?? {}).map(([constraint, message]) => ({
    field,
    message: sentenceOf(constraint, message, error.property, field),
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => problemsOf(child, field))];
}

function sentenceOf(constraint: string, message: string, property: string, field: string): string {
  if (constraint === 'whitelistValidation') return `${field} is not a known field`;
  // "either object or array", it says, though it knows which.
  if (constraint === 'nestedValidation') {
    const isWholeList = message.startsWith('each ') && !/^\d+$/.test(property);
    return `${field} must be ${isWholeList ? 'a list of objects' : 'an object'}`;
  }
  return withPath(message, property, field);
}

/** class-validator's sentences start with the bare property, or name it after "each value in". */
function withPath(message: string, property: string, field: string): string {
  if (field === property) return message;
  if (message.startsWith(`${property} `)) return field + message.slice(property.length);
  return message.startsWith(`each value in ${property} `)
    ? `each value in ${field}${message.slice(`each value in ${property}`.length)}`
    : `${field}: ${message}`;
}
