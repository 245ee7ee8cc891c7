import type { CanActivate, Type } from '@nestjs/common';
import { GUARDS_METADATA } from '@nestjs/common/constants.js';

/** A guard of one route that asks before all that it has by now: who may come before what was sent. */
export function guardFirst(guard: Type<CanActivate>): MethodDecorator {
  return (_target, _name, descriptor) => {
    const handler = descriptor.value as object;
    const others = (Reflect.getMetadata(GUARDS_METADATA, handler) as unknown[] | undefined) ?? [];
    Reflect.defineMetadata(GUARDS_METADATA, [guard, ...others], handler);
  };
}
