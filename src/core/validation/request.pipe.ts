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
import { passesRules } from './passes-rules.js';

type DtoClass = new () => object;

const NOT_DTOS: ReadonlySet<unknown> = new Set([String, Number, Boolean, Array, Object, undefined]);

export const CLASS_VALIDATOR_OPTIONS: ValidatorOptions = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  stopAtFirstError: true,
};

/**
 * Reads the body after the guards have passed, and validates the body, query and path parameters by their DTOs. Unknown
 * fields and parameters are refused with 400.
 */
@Injectable()
export class RequestPipe implements PipeTransform {
  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    if (!(value instanceof ArrivingBody)) return this.#check(value, metadata);
    const body = readBody(value);
    return body instanceof Promise ? body.then((read) => this.#check(read, metadata)) : this.#check(body, metadata);
  }

  #check(value: unknown, { type, metatype, data }: ArgumentMetadata): unknown {
    // The handler reads forms.
    if (value instanceof ArrivingBody) return value;
    if (type === 'param') return checkedParameter(value, data);
    if (NOT_DTOS.has(metatype) || (type !== 'body' && type !== 'query')) return value;
    if (type === 'query') {
      const problem = findUnusable(value);
      if (problem) throw problem;
    }
    // An absent body counts as an empty object; a body of null doesn't.
    return validated(value === undefined ? {} : value, metatype as DtoClass);
  }
}

function checkedParameter(value: unknown, name = 'The path'): unknown {
  if (typeof value === 'string' && !isStorable(value)) throw unstorable(name);
  return value;
}

/**
 * Makes a DTO instance of a plain value.
 * @throws AppError invalid_request (400) that names every invalid field
 */
export function validated<T extends object>(value: unknown, dto: new () => T): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw coreErrors.invalid_request({ message: 'The body must be a JSON object.' });
  }
  const answer = validateDto(value, dto);
  if ('problems' in answer) throw invalidRequest(answer.problems);
  return answer.instance;
}

/**
 * Returns a DTO instance, or the problem of every invalid field.
 * @param parent the path of the value, as a prefix for its field names
 */
export function validateDto<T extends object>(
  value: unknown,
  dto: new () => T,
  parent = '',
): { instance: T } | { problems: FieldProblem[] } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { problems: [{ field: parent, message: `${parent} must be an object` }] };
  }
  const instance = plainToInstance(dto, value, { exposeUnsetFields: false }) as T;
  const problems = passesRules(instance) ? [] : fieldProblems(instance, parent);
  if (problems.length === 0) problems.push(...groupProblems(instance, parent));
  return problems.length > 0 ? { problems } : { instance };
}

function fieldProblems(instance: object, parent: string): FieldProblem[] {
  const errors = validateSync(instance, CLASS_VALIDATOR_OPTIONS);
  const problems = errors.flatMap((error) => problemsOf(error, parent));
  const fields = new Set(problems.map(({ field }) => field));
  return [...problems, ...misplacedLists(instance, parent).filter(({ field }) => !fields.has(field))];
}

/** One message per field, with its full path. */
function problemsOf(error: ValidationError, parent: string): FieldProblem[] {
  const field = parent === '' ? error.property : `${parent}.${error.property}`;
  const own = Object.entries(error.constraints ?? {}).map(([constraint, message]) => ({
    field,
    // The first failing rule of an absent field would be about its length, or its type.
    message:
      error.value === undefined ? `${field} is required` : sentenceOf(constraint, message, error.property, field),
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => problemsOf(child, field))];
}

function sentenceOf(constraint: string, message: string, property: string, field: string): string {
  if (constraint === 'whitelistValidation') return `${field} is not a known field`;
  // class-validator says "either object or array"; the property tells which.
  if (constraint === 'nestedValidation') {
    const isWholeList = message.startsWith('each ') && !/^\d+$/.test(property);
    return `${field} must be ${isWholeList ? 'a list of objects' : 'an object'}`;
  }
  return withPath(message, property, field);
}

/** class-validator's messages start with the property, or name it after "each value in". */
function withPath(message: string, property: string, field: string): string {
  if (field === property) return message;
  if (message.startsWith(`${property} `)) return field + message.slice(property.length);
  return message.startsWith(`each value in ${property} `)
    ? `each value in ${field}${message.slice(`each value in ${property}`.length)}`
    : `${field}: ${message}`;
}
