import { expect } from 'vitest';
import { AppError } from '../../src/core/errors/app-error.js';
import { readDeclaration } from '../../src/gateway/declaration/read-declaration.js';

/** The problems of a faulty document, as `field: message`. */
export function faultsOf(text: string): string[] {
  try {
    readDeclaration(text);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(error.code).toBe('invalid_request');
    return error.details.errors!.map(({ field, message }) => `${field}: ${message}`);
  }
  return [];
}
