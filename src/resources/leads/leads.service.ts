import { Injectable } from '@nestjs/common';
import { IsIn } from 'class-validator';
import type { Principal } from '../../access/principal.js';
import { invalidField } from '../../errors/app-error.js';
import { isCheckViolation } from '../../errors/postgres-error.js';
import { equals } from '../../lists/filters.js';
import { defineResource } from '../../resource-kit/define-resource.js';
import type { JsonText, Values } from '../../resource-kit/resource-service.js';
import { Lead, LEAD_SOURCES, LEAD_STATUSES } from './lead.entity.js';

export const kit = defineResource({
  path: 'leads',
  scope: 'leads',
  entity: Lead,
  label: 'Lead',
  filters: { status: equals('status', IsIn(LEAD_STATUSES)), source: equals('source', IsIn(LEAD_SOURCES)) },
});

@Injectable()
export class Leads extends kit.Service {
  /** @throws AppError invalid_request (400) without a way to reach them */
  override create(principal: Principal, values: Values<Lead>): Promise<JsonText> {
    return super.create(principal, inLowerCase(values));
  }

  /** @throws AppError not_found (404), invalid_request (400) when no way to reach them would be left */
  override update(principal: Principal, id: string, values: Values<Lead>): Promise<JsonText> {
    return super.update(principal, id, inLowerCase(values));
  }

  /** That there is a way to reach them is the table's to judge: a change knows only its half. */
  protected override async refusing<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await super.refusing(write);
    } catch (error) {
      if (isCheckViolation(error, 'leads_reachable')) throw invalidField('phone', 'phone or email is required');
      throw error;
    }
  }
}

function inLowerCase(values: Values<Lead>): Values<Lead> {
  const { email } = values;
  return typeof email === 'string' ? { ...values, email: email.toLowerCase() } : values;
}
